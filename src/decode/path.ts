import { isPrototypeKey } from './json-safety';

/** Finds a value in a record; undefined when it is not there. Sees own properties only, and calls nothing. */
export type PathReader = (record: unknown) => unknown;

type Step = string | number;

/**
 * Compiles a path such as `choices[0].message.content`, `messages[-1].role` (from the end),
 * `attributes["gen_ai.request.model"]` or `.` (the value itself). Throws an Error that says what is wrong with it.
 */
export function compilePath(path: string): PathReader {
  const steps = parseSteps(path);
  const [first, second] = steps;
  if (first === undefined) return (record) => record;
  if (second === undefined) return (record) => takeStep(record, first);
  return (record) => {
    let value = record;
    for (const step of steps) {
      value = takeStep(value, step);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

/** Null when `path` can be compiled, else why it cannot. */
export function pathFault(path: string): string | null {
  try {
    parseSteps(path);
    return null;
  } catch (failure) {
    return failure instanceof Error ? failure.message : 'not a path';
  }
}

const STEP = /\[(-?\d+)\]|\["([^"]+)"\]|\['([^']+)'\]|\.?([^.[\]"']+)/y;

function parseSteps(path: string): readonly Step[] {
  if (path === '.') return [];
  const steps: Step[] = [];
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (found === null || (at === 0 && path.startsWith('.'))) {
      throw new Error(`wanted a path like a.b[0], saw ${JSON.stringify(path)} (stuck at character ${at + 1})`);
    }
    const [, index, double, single, plain] = found;
    const key = double ?? single ?? plain ?? '';
    if (index === undefined && isPrototypeKey(key)) throw new Error(`a path must not name ${key}`);
    steps.push(index === undefined ? key : Number(index));
  }
  if (steps.length === 0) throw new Error('wanted a path, saw an empty one');
  return steps;
}

function takeStep(value: unknown, step: Step): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof step === 'number') {
    if (!Array.isArray(value)) return undefined;
    const list: readonly unknown[] = value;
    return list[step < 0 ? list.length + step : step];
  }
  if (Array.isArray(value)) return undefined;
  return Object.hasOwn(value, step) ? (value as Readonly<Record<string, unknown>>)[step] : undefined;
}
