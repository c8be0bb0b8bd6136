import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { skipLoudly } from '../support/kafka/availability';
import { describeWithTools, toolPath } from '../support/tools';

const ROOT = resolve(__dirname, '..', '..');
const COMPOSE = join(ROOT, 'examples', 'compose');
const read = (name: string): string => readFileSync(join(COMPOSE, name), 'utf8');

interface Service {
  readonly image?: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

const files = ['docker-compose.yaml', 'docker-compose.kafka.yaml'];
const services = files.flatMap((name) =>
  Object.values((parse(read(name)) as { services: Record<string, Service> }).services),
);

describe('the compose example', () => {
  it('mounts files that exist, read-only', () => {
    const mounts = services.flatMap(({ volumes = [] }) => volumes).filter((volume) => volume.startsWith('.'));
    expect(mounts.length).toBeGreaterThan(6);
    for (const mount of mounts) {
      const [from = '', , mode] = mount.split(':');
      expect([from, existsSync(join(COMPOSE, from)), mode]).toEqual([from, true, 'ro']);
    }
  });

  it('publishes ports on loopback only and pins its images', () => {
    for (const port of services.flatMap(({ ports = [] }) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const { image } of services)
      if (image !== undefined && image !== 'plumbline') expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  });

  it('configures the monitor without faults', () => {
    const loaded = loadMonitorConfig({ files: [join(COMPOSE, 'plumbline.yaml')], env: {} });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
  });
});

const hasCompose = spawnSync('docker-compose', ['version']).status === 0;
if (!hasCompose)
  skipLoudly('docker-compose config', {
    kind: 'none',
    why: 'docker-compose is not installed (Debian: docker-compose)',
  });

(hasCompose ? it : it.skip).each([[['docker-compose.yaml']], [['docker-compose.yaml', 'docker-compose.kafka.yaml']]])(
  'docker-compose takes %j',
  (names) => {
    const args = [...names.flatMap((name) => ['-f', join(COMPOSE, name)]), 'config'];
    const { status, stdout, stderr } = spawnSync('docker-compose', args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const { services: taken } = parse(stdout) as { readonly services: Readonly<Record<string, Service>> };
    expect(Object.keys(taken)).toEqual(expect.arrayContaining(['alertmanager', 'grafana', 'prometheus']));
  },
);

describeWithTools('the compose example’s Prometheus and Alertmanager', ['promtool', 'amtool'], () => {
  it.each(['prometheus.yaml', 'prometheus-kafka.yaml'])('take %s', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-compose-'));
    try {
      const file = join(folder, name);
      writeFileSync(file, read(name).replaceAll('/etc/prometheus/rules', join(ROOT, 'dashboards', 'generated')));
      expect(execFileSync(toolPath('promtool'), ['check', 'config', file], { encoding: 'utf8' })).toContain(
        'rules found',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['page', ['alertname=PlumblineIncident', 'severity=page']],
    ['ticket', ['alertname=PlumblineJudgeDrift', 'severity=ticket']],
    ['info', ['alertname=PlumblineTrafficAbsent', 'severity=info']],
    ['watchdog', ['alertname=PlumblineWatchdog', 'severity=info']],
  ])('route to %s what belongs there', (receiver, labels) => {
    const args = ['config', 'routes', 'test', `--config.file=${join(COMPOSE, 'alertmanager.yaml')}`, ...labels];
    expect(execFileSync(toolPath('amtool'), args, { encoding: 'utf8' }).trim()).toBe(receiver);
  });
});
