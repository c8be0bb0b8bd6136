import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** Shipped with the program: made by dashboards/build.ts from the catalogue of metrics. */
const GENERATED = join(__dirname, '..', '..', '..', 'dashboards', 'generated');

/** What stands in the shipped files for addresses that only an operator knows. */
const PLACEHOLDERS = {
  runbookUrl: 'https://plumbline.example/runbooks',
  grafanaUrl: 'https://grafana.example',
} as const;

/** Null leaves the placeholder. Without a slash at the end. */
export interface Addresses {
  readonly runbookUrl: string | null;
  readonly grafanaUrl: string | null;
}

/** Recording and alert rules, for `rule_files` of Prometheus or as a PrometheusRule for its operator. */
export async function rulesFile(form: 'plain' | 'operator', addresses: Addresses): Promise<string> {
  const name = form === 'plain' ? 'rules.yaml' : 'prometheus-rule.yaml';
  let text = await readFile(join(GENERATED, name), 'utf8');
  for (const [key, placeholder] of Object.entries(PLACEHOLDERS)) {
    const address = addresses[key as keyof Addresses];
    if (address !== null) text = text.replaceAll(placeholder, address.replace(/\/+$/, ''));
  }
  return text;
}

/**
 * Everything that a Grafana without sidecar reads at its start, below `directory`: `dashboards/*.json` and
 * `provisioning/{datasources,dashboards}/plumbline.yaml`. `mountedAt` is where Grafana will see `dashboards`. Returns the paths
 * written.
 */
export async function writeGrafanaFiles(
  directory: string,
  prometheusUrl: string,
  mountedAt: string,
): Promise<string[]> {
  const files = new Map<string, string>();
  for (const name of (await readdir(GENERATED)).filter((one) => one.endsWith('.json')).sort()) {
    files.set(join('dashboards', name), await readFile(join(GENERATED, name), 'utf8'));
  }
  files.set(join('provisioning', 'datasources', 'plumbline.yaml'), stringify(dataSources(prometheusUrl)));
  files.set(join('provisioning', 'dashboards', 'plumbline.yaml'), stringify(provider(mountedAt)));
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return [...files.keys()].map((path) => join(directory, path));
}

function dataSources(url: string): object {
  const prometheus = { name: 'Prometheus', type: 'prometheus', access: 'proxy', url, isDefault: true };
  return { apiVersion: 1, datasources: [{ ...prometheus, jsonData: { httpMethod: 'POST' } }] };
}

function provider(path: string): object {
  const files = { name: 'plumbline', folder: 'Plumbline', type: 'file', disableDeletion: true, allowUiUpdates: false };
  return { apiVersion: 1, providers: [{ ...files, options: { path } }] };
}
