import { createHash } from 'node:crypto';
import type { EvidenceStore } from '../store/port';
import { gatherEvidence } from './gather';
import { statsOfValues } from './cells';
import { reportMarkdown } from './markdown';
import type { Report } from './report';

/** Files of a bundle by name. */
export type BundleFiles = Readonly<Record<string, string>>;

const HEADER = /^plumbline-bundle 1 ([0-9a-f]{64})$/;

/**
 * One file: a first line with the SHA-256 of everything behind it, then JSON with every file and its own SHA-256, so
 * that a changed byte is seen, and where it lies.
 */
export function writeBundle(files: BundleFiles): string {
  const names = Object.keys(files).sort();
  const manifest = Object.fromEntries(names.map((name) => [name, hashOf(files[name]!)]));
  const body = `${JSON.stringify({ manifest, files: Object.fromEntries(names.map((name) => [name, files[name]!])) }, null, 1)}\n`;
  return `plumbline-bundle 1 ${hashOf(body)}\n${body}`;
}

export type BundleCheck =
  { readonly ok: true; readonly files: BundleFiles } | { readonly ok: false; readonly problem: string };

/** Whether a bundle is as it was written; if not, what differs. Total over any text. */
export function readBundle(text: string): BundleCheck {
  const end = text.indexOf('\n');
  const wanted = HEADER.exec(text.slice(0, Math.max(0, end)))?.[1];
  if (wanted === undefined) return { ok: false, problem: 'the first line is not that of a bundle' };
  const body = text.slice(end + 1);
  const isWhole = hashOf(body) === wanted;
  const damaged = damagedFiles(body);
  if (isWhole && damaged?.names.length === 0) return { ok: true, files: damaged.files };
  const names = damaged === null || damaged.names.length === 0 ? '' : `: ${damaged.names.join(', ')}`;
  return { ok: false, problem: `the bundle is not as it was written${names}` };
}

/** Files that do not have the hash that the manifest says; null when it cannot be read at all. */
function damagedFiles(body: string): { readonly names: readonly string[]; readonly files: BundleFiles } | null {
  let parsed: { readonly manifest?: Record<string, unknown>; readonly files?: Record<string, unknown> } | null;
  try {
    parsed = JSON.parse(body) as typeof parsed;
  } catch {
    return null;
  }
  const { manifest, files } = parsed ?? {};
  if (typeof manifest !== 'object' || typeof files !== 'object') return null;
  const names = [...new Set([...Object.keys(manifest), ...Object.keys(files)])];
  const isDamaged = (name: string): boolean => {
    const file = files[name];
    return typeof file !== 'string' || hashOf(file) !== manifest[name];
  };
  return { names: names.filter(isDamaged), files: files as BundleFiles };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Everything behind a report: itself, the sums by slice and judging version of either period, and the examples' verdicts. */
export async function bundleFiles(store: EvidenceStore, report: Report, version: string): Promise<BundleFiles> {
  const evidence = await gatherEvidence(store, report.subject);
  const periods = [evidence.before, evidence.after].map(({ from, to, values, traffic, sessions, labels }) => ({
    from,
    to,
    stats: statsOfValues(values),
    traffic,
    sessions,
    labels,
  }));
  const verdicts: unknown[] = [];
  for (const { interactionId } of Object.values(report.examples).flat()) {
    const stored = await store.interaction(interactionId);
    if (stored?.verdictJson !== null && stored !== null) verdicts.push(JSON.parse(stored.verdictJson));
  }
  return {
    'report.json': pretty(report),
    'report.md': reportMarkdown(report),
    'before.json': pretty(periods[0]),
    'after.json': pretty(periods[1]),
    'golden.json': pretty(evidence.golden),
    'verdicts.json': pretty(verdicts),
    'versions.json': pretty({
      plumbline: version,
      chance: 'no part of a report is drawn by chance: there are no seeds',
    }),
  };
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
