import { createHash } from 'node:crypto';
import type { Interaction } from '../domain/interaction';
import { err, ok, type Result } from '../domain/result';

/** Items whose answers never change, with what judges and people said of them. */
export interface GoldenSet {
  readonly name: string;
  /** SHA-256 over all of the content, hex: a set that differs in one character has another seal. */
  readonly seal: string;
  readonly frozenAt: string;
  /** Of prompt and rubrics under which the scores were settled. */
  readonly promptHash: string;
  readonly items: readonly GoldenItem[];
}

export interface GoldenItem {
  readonly id: string;
  /** Redacted. */
  readonly interaction: Interaction;
  /** Cell of the sample, e.g. `product=support|fail`. */
  readonly stratum: string;
  /** Of the part that is replaced on a rota and never published: what a judge was trained on does not show there. */
  readonly fresh: boolean;
  /** What people said, in [0, 1], by criterion. */
  readonly human: Readonly<Record<string, number>>;
  /** By judge, then criterion; a judge configured later has none. */
  readonly settled: Readonly<Record<string, Readonly<Record<string, SettledScore>>>>;
}

export interface SettledScore {
  /** Mean over the runs that gave a score. */
  readonly mean: number;
  /** Score of one of these runs, drawn by hash. */
  readonly base: number;
  readonly runs: number;
}

/** How an interaction is written in the file; the shape belongs to the schemas. */
export interface InteractionText {
  toJson(interaction: Interaction): unknown;
  fromJson(json: unknown): Result<Interaction, string>;
}

const FORMAT = 'plumbline.golden.v1';

interface Head {
  readonly format: string;
  readonly name: string;
  readonly frozen_at: string;
  readonly prompt_hash: string;
  readonly items: number;
}

/** Lines of JSON: a head with the seal, then one line per item. */
export function renderGoldenSet(set: Omit<GoldenSet, 'seal'>, text: InteractionText): string {
  const lines = set.items.map(({ interaction, ...item }) =>
    JSON.stringify({ ...item, interaction: text.toJson(interaction) }),
  );
  const head: Head = {
    format: FORMAT,
    name: set.name,
    frozen_at: set.frozenAt,
    prompt_hash: set.promptHash,
    items: lines.length,
  };
  return [JSON.stringify({ seal: sealOf(head, lines), ...head }), ...lines, ''].join('\n');
}

/**
 * Reads a set back. The error says in words what is wrong: another format, a seal that does not fit (the file was edited
 * or cut), an item that cannot be read.
 */
export function parseGoldenSet(file: string, text: InteractionText): Result<GoldenSet, string> {
  const [first = '', ...lines] = file.replace(/\n$/, '').split('\n');
  const parsed = parseHead(first);
  if (parsed === null) return err(`line 1 is not the head of a golden set (${FORMAT})`);
  const { seal, ...head } = parsed;
  const actual = sealOf(head, lines);
  if (seal !== actual) {
    const count = lines.length === head.items ? '' : `; ${head.items} items were sealed and ${lines.length} are there`;
    return err(
      `the seal is broken: wanted ${seal.slice(0, 12)}…, saw ${actual.slice(0, 12)}…${count}. Freeze a new set`,
    );
  }
  const items: GoldenItem[] = [];
  for (const [i, line] of lines.entries()) {
    const { interaction, ...item } = JSON.parse(line) as Omit<GoldenItem, 'interaction'> & { interaction: unknown };
    const read = text.fromJson(interaction);
    if (!read.ok) return err(`line ${i + 2}: ${read.error}`);
    items.push({ ...item, interaction: read.value });
  }
  return ok({ name: head.name, seal, frozenAt: head.frozen_at, promptHash: head.prompt_hash, items });
}

/** 16 hex digits of what a judge gets to see of the interaction: the same text is the same item. */
export function goldenItemId({ input, context, output }: Interaction): string {
  return hash(JSON.stringify([input, context, output.text, output.toolCalls])).slice(0, 16);
}

/** Mean of the runs and one of them by hash; null when none gave a score. */
export function settle(scores: readonly (number | null)[], drawnBy: string): SettledScore | null {
  const known = scores.filter((score) => score !== null);
  const base = known[parseInt(hash(drawnBy).slice(0, 8), 16) % Math.max(1, known.length)];
  if (base === undefined) return null;
  return { mean: known.reduce((sum, score) => sum + score, 0) / known.length, base, runs: known.length };
}

function parseHead(line: string): (Head & { readonly seal: string }) | null {
  try {
    const head = JSON.parse(line) as Partial<Head> & { readonly seal?: unknown };
    const isHead = head.format === FORMAT && typeof head.seal === 'string' && typeof head.items === 'number';
    return isHead ? (head as Head & { readonly seal: string }) : null;
  } catch {
    return null;
  }
}

/** The head is written again from its fields, so that its order cannot differ; items count as they stand. */
function sealOf({ format, name, frozen_at, prompt_hash, items }: Head, lines: readonly string[]): string {
  return hash([JSON.stringify([format, name, frozen_at, prompt_hash, items]), ...lines].join('\n'));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
