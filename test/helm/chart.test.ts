import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { generatedFiles } from '../../dashboards/build';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { describeWithTools, toolPath } from '../support/tools';
import { CHART, lint, type Manifest, render, validate } from './render';

const FILES = readdirSync(join(CHART, 'ci'));
/** Each switch turned against its default over the least that installs; the other files of ci/ as they are. */
const SWITCHES: readonly (readonly string[])[] = [
  [],
  ['networkPolicy.enabled=false'],
  ['podDisruptionBudget.enabled=false'],
  ['serviceAccount.create=false', 'serviceAccount.name=shared'],
  ['topics.create=true'],
  ['serviceMonitor.enabled=true', 'rules.enabled=true', 'dashboards.enabled=true'],
  ['rules.configMap=true'],
  ['workloads.score.autoscaling.enabled=true'],
  ['workloads.watch.replicas=1', 'workloads.score.replicas=12'],
  ['existingSecret=keys', 'existingSecretFiles=files', 'teamConfigMaps={a,b}'],
  ['fullnameOverride=x', 'image.tag=1.2.3', 'port=19464'],
  ['topics.create=true', 'serviceMonitor.enabled=true', 'rules.enabled=true', 'rules.configMap=true', 'existingSecret=k'],
];
const MATRIX = [
  ...SWITCHES.map((sets) => ['minimal-values.yaml', sets] as const),
  ...FILES.filter((file) => file !== 'minimal-values.yaml').map((file) => [file, []] as const),
];

interface Container {
  readonly args: readonly string[];
  readonly resources: { readonly requests?: object; readonly limits?: { readonly memory?: string } };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly envFrom?: readonly object[];
  readonly livenessProbe?: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
  readonly startupProbe?: object;
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly emptyDir?: object; readonly persistentVolumeClaim?: object }[];
}

interface DeploymentSpec {
  readonly replicas?: number;
  readonly strategy: { readonly rollingUpdate: object };
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: Pick<Manifest['metadata'], 'labels' | 'annotations'>;
    readonly spec: PodSpec;
  };
}

const ofKind = (manifests: readonly Manifest[], kind: string): readonly Manifest[] =>
  manifests.filter((one) => one.kind === kind);
const deployments = (manifests: readonly Manifest[]): DeploymentSpec[] =>
  ofKind(manifests, 'Deployment').map(({ spec }) => spec as DeploymentSpec);
const one = (manifests: readonly Manifest[], kind: string, ending: string): Manifest => {
  const found = ofKind(manifests, kind).find(({ metadata }) => metadata.name.endsWith(ending));
  if (found === undefined) throw new Error(`no ${kind} whose name ends in ${ending}`);
  return found;
};

function podsOf(manifests: readonly Manifest[]): PodSpec[] {
  return manifests.flatMap(({ kind, spec }) => {
    if (kind === 'Pod') return [spec as PodSpec];
    return kind === 'Deployment' || kind === 'Job' ? [(spec as DeploymentSpec).template.spec] : [];
  });
}

describeWithTools('the chart', ['helm', 'kubeconform'], () => {
  it.each([null, ...FILES])('passes helm lint --strict with %s', (file) => {
    expect(lint(file)).toContain('0 chart(s) failed');
  });

  it.each(MATRIX)('renders what Kubernetes takes, under policy: %s %j', (file, sets) => {
    const { text, manifests } = render(file, ...sets);
    expect(validate(text)).toBe('');
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { metadata } of manifests) {
      expect(metadata.name.length).toBeLessThanOrEqual(63);
      expect(metadata.labels['app.kubernetes.io/instance']).toBe('quality');
    }
    const pods = podsOf(manifests);
    expect(pods.length).toBeGreaterThan(1);
    for (const pod of pods) expectRestricted(pod);
  });

  it('notices a field that Kubernetes does not know', () => {
    const { text } = render('minimal-values.yaml');
    expect(validate(text.replace('volumeMounts:', 'volumeMountz:'))).toMatch(/volumeMountz/);
  });

  it.each(FILES)('writes a configuration that the program takes: %s', (file) => {
    const { manifests } = render(file, 'teamConfigMaps=null');
    const config = ofKind(manifests, 'ConfigMap').find(({ data }) => data?.['plumbline.yaml'] !== undefined);
    const text = config?.data?.['plumbline.yaml'] ?? '';
    const env = { KAFKA_PASSWORD: 'x', JUDGE_API_KEY: 'x', CONSOLE_TOKEN: 'x'.repeat(32) };
    const loaded = loadMonitorConfig({ text: { name: 'plumbline.yaml', text }, env });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
    expect(loaded.ok && loaded.value.config.server.port).toBe(9464);
  });

  it('starts one Deployment per workload with its roles, and drains before it is killed', () => {
    const { manifests } = render('minimal-values.yaml');
    const found = deployments(manifests);
    expect(found.map(({ template }) => template.spec.containers[0]?.args.at(-1))).toEqual(['score', 'watch']);
    for (const { strategy, selector, template } of found) {
      expect(strategy.rollingUpdate).toEqual({ maxSurge: 0, maxUnavailable: 1 });
      expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(25);
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    }
    const all = deployments(render('one-pod-values.yaml').manifests);
    expect(all.map(({ template }) => template.spec.containers[0]?.args.at(-1))).toEqual(['score,watch']);
  });

  it('rolls the pods when the configuration changes, and only then', () => {
    const sums = (...sets: readonly string[]): (string | undefined)[] =>
      deployments(render('minimal-values.yaml', ...sets).manifests).map(
        ({ template }) => template.metadata.annotations?.['checksum/config'],
      );
    const before = sums();
    expect(sums('workloads.score.replicas=9')).toEqual(before);
    for (const [index, sum] of sums('config.sampling.rate=0.3').entries()) expect(sum).not.toBe(before[index]);
  });

  it('asks liveness of the process and readiness of the consumer', () => {
    for (const { template } of deployments(render('full-values.yaml').manifests)) {
      const [container] = template.spec.containers;
      expect(container?.livenessProbe?.httpGet.path).toBe('/healthz');
      expect(container?.readinessProbe?.httpGet.path).toBe('/readyz');
      expect(container?.startupProbe).toBeDefined();
    }
  });

  it('takes keys from an existing secret, and holds none itself', () => {
    const { text, manifests } = render('full-values.yaml');
    expect(ofKind(manifests, 'Secret')).toEqual([]);
    for (const { template } of deployments(manifests)) {
      expect(template.spec.containers[0]?.envFrom).toEqual([{ secretRef: { name: 'plumbline' } }]);
    }
    expect(text).not.toMatch(/(password|apiKey):/i);
  });

  it('lets a pod reach what its role needs and nothing else', () => {
    const egressOf = (component: string): unknown[][] => {
      const { spec } = one(render('full-values.yaml').manifests, 'NetworkPolicy', component);
      const { egress } = spec as { readonly egress: { readonly ports: { readonly port: unknown }[] }[] };
      return egress.map(({ ports }) => ports.map(({ port }) => port));
    };
    expect(egressOf('score')).toEqual([[53, 53], [9093], [8081, 443], [443], [4318]]);
    expect(egressOf('watch')).toEqual([[53, 53], [9093], [4318]]);
    const unknown = 'workloads.watch.egress={kafka,internet}';
    expect(() => render('minimal-values.yaml', unknown)).toThrow(/internet is not in networkPolicy.egress/);
  });

  it('protects only what has a second replica, and leaves the number to the autoscaler', () => {
    const budgets = (...sets: readonly string[]): string[] =>
      ofKind(render('minimal-values.yaml', ...sets).manifests, 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
    expect(budgets()).toEqual(['quality-plumbline-score', 'quality-plumbline-watch']);
    expect(budgets('workloads.watch.replicas=1')).toEqual(['quality-plumbline-score']);
    const scaled = render('full-values.yaml').manifests;
    expect(ofKind(scaled, 'HorizontalPodAutoscaler')).toHaveLength(1);
    expect((one(scaled, 'Deployment', 'score').spec as DeploymentSpec).replicas).toBeUndefined();
    expect((one(scaled, 'Deployment', 'watch').spec as DeploymentSpec).replicas).toBe(2);
  });

  it('gives the console a volume, a port and an address that others reach once it asks who they are', () => {
    const { manifests } = render('full-values.yaml');
    const { strategy, template } = one(manifests, 'Deployment', 'console').spec as DeploymentSpec;
    expect(strategy).toEqual({ type: 'Recreate' });
    expect(template.spec.volumes).toContainEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'quality-plumbline-console' },
    });
    expect(ofKind(manifests, 'PersistentVolumeClaim').map(({ metadata }) => metadata.name)).toEqual([
      'quality-plumbline-console',
    ]);
    const text = one(manifests, 'ConfigMap', 'quality-plumbline').data?.['plumbline.yaml'] ?? '';
    expect(parse(text)).toMatchObject({ server: { apiHost: '0.0.0.0' }, store: { path: '/data/evidence.db' } });
    const loopback = one(render('minimal-values.yaml').manifests, 'ConfigMap', 'quality-plumbline');
    expect(loopback.data?.['plumbline.yaml']).not.toContain('apiHost');
  });

  it('labels what is scraped by monitor and role, as rules and boards expect', () => {
    const { manifests } = render('full-values.yaml');
    for (const role of ['score', 'watch']) {
      const { spec, metadata } = one(manifests, 'ServiceMonitor', role);
      const [endpoint] = (spec as { endpoints: { relabelings: { targetLabel: string; replacement: string }[] }[] }).endpoints;
      const labels = Object.fromEntries(
        (endpoint?.relabelings ?? []).map(({ targetLabel, replacement }) => [targetLabel, replacement]),
      );
      expect(labels).toEqual({ monitor: 'support-quality', job: `plumbline-${role}` });
      expect(metadata.labels['release']).toBe('kube-prometheus-stack');
      expect(one(manifests, 'Service', role).metadata.labels).toMatchObject(
        (spec as { selector: { matchLabels: object } }).selector.matchLabels,
      );
    }
  });

  it('ships every board with the label of the sidecar', () => {
    const boards = ofKind(render('full-values.yaml').manifests, 'ConfigMap').filter(
      ({ metadata }) => metadata.labels['grafana_dashboard'] === '1',
    );
    const wanted = [...generatedFiles().keys()].filter((path) => /^dashboards\/generated\/.*\.json$/.test(path));
    expect(boards).toHaveLength(wanted.length);
    for (const { data = {}, metadata } of boards) {
      for (const text of Object.values(data)) expect(JSON.parse(text)).toHaveProperty('panels');
      expect(metadata.annotations).toEqual({ grafana_folder: 'Plumbline' });
    }
  });

  it('says what is missing in the values, by name', () => {
    const least = 'minimal-values.yaml';
    expect(() => render(least, 'config.instance=null')).toThrow(/config.instance.name is needed/);
    expect(() => render(least, 'config.source=null')).toThrow(/config.source.kafka.brokers is needed/);
    expect(() => render(least, 'replicas=2')).toThrow(/replicas/);
    expect(() => render(least, 'workloads.score.roles={scoer}')).toThrow(/workloads.score.roles/);
    expect(() => render(least, 'containerSecurityContext.readOnlyRootFilesystem=false')).toThrow(/readOnlyRootFilesystem/);
    expect(() => render(least, 'terminationGracePeriodSeconds=10')).toThrow(/terminationGracePeriodSeconds/);
    expect(() => render(least, 'serviceAccount.create=false')).toThrow(/serviceAccount.name is needed/);
  });
});

describeWithTools('the chart’s rules', ['helm', 'promtool'], () => {
  it('are those of the repository, with the addresses of the installation, as resource and as file', () => {
    const { manifests } = render('full-values.yaml');
    const resource = one(manifests, 'PrometheusRule', 'plumbline').spec as object;
    const file = one(manifests, 'ConfigMap', '-rules').data?.['plumbline-rules.yaml'] ?? '';
    expect(parse(file)).toEqual(resource);
    const repository = generatedFiles().get('dashboards/generated/rules.yaml') ?? '';
    expect(resource).toEqual(
      parse(
        repository
          .replaceAll('https://plumbline.example/runbooks', 'https://docs.example/runbooks')
          .replaceAll('https://grafana.example', 'https://grafana.internal'),
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-chart-'));
    try {
      writeFileSync(join(folder, 'rules.yaml'), stringify(resource));
      const said = execFileSync(toolPath('promtool'), ['check', 'rules', join(folder, 'rules.yaml')], { encoding: 'utf8' });
      expect(said).toContain('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The profile `restricted` of Kubernetes' pod security standards, a read-only root, and limits on memory. */
function expectRestricted(pod: PodSpec): void {
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  for (const { resources, securityContext, volumeMounts = [] } of pod.containers) {
    expect(securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(Object.keys(resources.requests ?? {}).sort()).toEqual(['cpu', 'memory']);
    expect(resources.limits?.memory).toMatch(/^\d+[MG]i$/);
    const volumes = new Map((pod.volumes ?? []).map((volume) => [volume.name, volume]));
    for (const { name, mountPath, readOnly } of volumeMounts) {
      const volume = volumes.get(name);
      expect(volume).toBeDefined();
      // Configuration and secrets cannot be written to; what can be is lost with the pod, but for the console's evidence.
      if (name === 'data' && volume?.persistentVolumeClaim !== undefined) continue;
      expect([mountPath, readOnly === true || volume?.emptyDir !== undefined]).toEqual([mountPath, true]);
    }
  }
}
