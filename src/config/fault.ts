/** One thing that is wrong with the configuration. Never holds the value of a secret. */
export interface ConfigFault {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** E.g. `judges[0].timeoutMs`; empty for the file as a whole. */
  readonly path: string;
  /** The value as JSON, shortened; null when there is none to show. */
  readonly saw: string | null;
  readonly wanted: string;
  /** In place of `saw` and `wanted` where a rule says both in one sentence. */
  readonly problem?: string;
}

export type KeyPath = readonly (string | number)[];

/**
 * A fault found by a rule that spans sections. `path` is either form: `['cascade', 'cheap', 0]` or `cascade.cheap[0]`.
 * `problem` tells in one sentence what was seen and what is wanted.
 */
export type CrossFault = { readonly path: string | KeyPath } & (
  { readonly saw?: unknown; readonly wanted: string } | { readonly problem: string }
);

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const SECRET_KEY = /(key|secret|token|password|passwd|salt|credential)/i;
const MAX_SHOWN = 80;

export function toPathText(path: KeyPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (PLAIN_KEY.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** The inverse for plain keys: `cascade.cheap[0]` to `['cascade', 'cheap', 0]`. */
export function parsePathText(text: string): KeyPath {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index ? Number(index) : (key ?? '')));
}

/**
 * A value for the eyes: JSON, shortened, without control characters. Values of keys that sound like a secret, and
 * passwords inside URLs, are hidden, since people do write the key where its name belongs.
 */
export function showValue(value: unknown, path: KeyPath): string | null {
  if (value === undefined) return null;
  const key = path.findLast((part) => typeof part === 'string');
  const mayBeSecret = typeof value === 'string' || (typeof value === 'object' && value !== null);
  if (mayBeSecret && typeof key === 'string' && SECRET_KEY.test(key)) return '"***"';
  const json = JSON.stringify(value, hideSecrets) ?? typeof value;
  const text = escapeControls(json.replaceAll(/:\/\/[^/"@\s]*@/g, '://***@'));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function hideSecrets(key: string, value: unknown): unknown {
  return typeof value === 'string' && SECRET_KEY.test(key) ? '***' : value;
}

/** Terminals obey escape sequences and bidirectional controls; a fault must show them, not perform them. */
export function escapeControls(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * All faults for a terminal, in the order of the files:
 *
 * ```
 * 2 faults in the configuration
 *
 * plumbline.yaml:12  judges[0].timeoutMs
 *     saw     10
 *     wanted  an integer from 50 to 600000
 * ```
 */
export function renderFaults(faults: readonly ConfigFault[]): string {
  const head = faults.length === 1 ? '1 fault in the configuration' : `${faults.length} faults in the configuration`;
  const blocks = faults.map((fault) => {
    const lines = [`${fault.file}:${fault.line}${fault.path === '' ? '' : `  ${escapeControls(fault.path)}`}`];
    if (fault.problem !== undefined) return [...lines, `    fault   ${escapeControls(fault.problem)}`].join('\n');
    if (fault.saw !== null) lines.push(`    saw     ${fault.saw}`);
    lines.push(`    wanted  ${escapeControls(fault.wanted)}`);
    return lines.join('\n');
  });
  return `${[head, ...blocks].join('\n\n')}\n`;
}
