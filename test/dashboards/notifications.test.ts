import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually';
import { freeLoopbackPorts } from '../support/kafka/free-ports';
import { runCli } from '../support/run-cli';
import { describeWithTools, toolPath } from '../support/tools';

const TEMPLATES = resolve(__dirname, '..', '..', 'examples', 'compose', 'alertmanager-templates', '*.tmpl');

const ALERT = {
  labels: {
    alertname: 'PlumblineScoreRegression',
    kind: 'score_regression',
    severity: 'page',
    segment: 'product=a',
    team: 'team-a',
  },
  annotations: {
    summary: 'Score of correct fell in product=a',
    change: 'from 0.912 to 0.801, since 2026-11-02T10:00Z in event time',
    interval: 'now between 0.780 and 0.820 (95 %)',
    users: 'users recover from 61% of bad turns in this segment',
    also: 'no alert on judges, raters, routes or the mix of traffic is firing',
    first_look: 'Segments board: before and after, with intervals.',
    runbook_url: 'https://docs.example/runbooks/score_regression.md',
    dashboard: 'https://grafana.example/d/plumbline-segments',
  },
};
const TOLD = Object.values(ALERT.annotations);

/** What Slack, PagerDuty and a mail server are sent, read off by doubles of all three. */
describeWithTools('notifications through the real Alertmanager', ['alertmanager'], () => {
  const slack: string[] = [];
  const pagerduty: string[] = [];
  const mails: string[] = [];
  let http: HttpServer;
  let smtp: TcpServer;
  let alertmanager: ChildProcess;
  let url = '';
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-am-'));

  beforeAll(async () => {
    const [amPort = 0, httpPort = 0, smtpPort = 0] = await freeLoopbackPorts(3);
    http = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        (request.url === '/slack' ? slack : pagerduty).push(body);
        response.writeHead(request.url === '/slack' ? 200 : 202, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((ready) => http.listen(httpPort, '127.0.0.1', ready));
    smtp = await startMailDouble(smtpPort, mails);
    const text = { title: '{{ template "plumbline.title" . }}', text: '{{ template "plumbline.text" . }}' };
    const config = {
      global: {
        smtp_smarthost: `127.0.0.1:${smtpPort}`,
        smtp_from: 'a@example.com',
        smtp_require_tls: false,
        smtp_hello: 'localhost',
      },
      templates: [TEMPLATES],
      route: {
        receiver: 'all',
        group_by: ['alertname', 'drill'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [
        {
          name: 'all',
          slack_configs: [{ api_url: `http://127.0.0.1:${httpPort}/slack`, channel: '#q', ...text }],
          pagerduty_configs: [
            {
              url: `http://127.0.0.1:${httpPort}/pagerduty`,
              routing_key: 'k',
              description: text.title,
              details: { text: text.text },
            },
          ],
          email_configs: [
            {
              to: 'b@example.com',
              headers: { Subject: text.title },
              html: '{{ template "plumbline.html" . }}',
              text: text.text,
            },
          ],
        },
      ],
    };
    writeFileSync(join(folder, 'alertmanager.yaml'), stringify(config, { lineWidth: 0 }));
    alertmanager = spawn(
      toolPath('alertmanager'),
      [
        `--config.file=${folder}/alertmanager.yaml`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${amPort}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    url = `http://127.0.0.1:${amPort}`;
    await eventually(async () => (await fetch(`${url}/-/ready`)).ok, { timeoutMs: 20_000 });
  }, 60_000);

  afterAll(async () => {
    alertmanager.kill('SIGTERM');
    http.closeAllConnections();
    await Promise.all([new Promise((done) => http.close(done)), new Promise((done) => smtp.close(done))]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('say what fell, from what to what, since when, what was ruled out, how users fared and where to look', async () => {
    const sent = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([ALERT]),
    });
    expect(sent.ok).toBe(true);
    await eventually(() => slack.length > 0 && pagerduty.length > 0 && mails.length > 0, { timeoutMs: 20_000 });
    const [{ attachments }] = [JSON.parse(slack[0] ?? '{}') as { attachments: { title: string; text: string }[] }];
    expect(attachments[0]?.title).toBe('Score of correct fell in product=a');
    for (const told of TOLD) expect(attachments[0]?.text).toContain(told);
    const page = JSON.parse(pagerduty[0] ?? '{}') as { payload: { summary: string; custom_details: { text: string } } };
    expect(page.payload.summary).toBe('Score of correct fell in product=a');
    for (const told of TOLD) expect(page.payload.custom_details.text).toContain(told);
    expect(mails[0]).toContain('Subject: Score of correct fell in product=a');
    expect(mails[0]).toContain('Users: users recover from 61');
  }, 60_000);

  it('of a drill say so first, and go the same way', async () => {
    const { code, stdout } = await runCli([
      ...['drill', '--kind', 'judge_drift', '--segment', 'product=a', '--alertmanager', url, '--minutes', '1'],
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('PlumblineJudgeDrift')]);
    await eventually(() => slack.some((body) => body.includes('DRILL, no action needed')), { timeoutMs: 20_000 });
  }, 60_000);
});

/** As much of SMTP as Alertmanager speaks. */
function startMailDouble(port: number, mails: string[]): Promise<TcpServer> {
  const server = createTcpServer((socket) => {
    let data: string | null = null;
    socket.write('220 double\r\n');
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      if (data !== null) {
        data += text;
        if (!data.endsWith('\r\n.\r\n')) return;
        mails.push(data.replaceAll('=\r\n', ''));
        data = null;
        socket.write('250 taken\r\n');
      } else if (/^DATA/i.test(text)) {
        data = '';
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n');
      else socket.write('250 double\r\n');
    });
    socket.on('error', () => socket.destroy());
  });
  return new Promise((ready) => server.listen(port, '127.0.0.1', () => ready(server)));
}
