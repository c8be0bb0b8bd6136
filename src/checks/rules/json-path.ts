/** A key, an index, or `EVERY` member. */
type Step = string | number | typeof EVERY;

const EVERY = Symbol('every member');

const MOST_VALUES = 1000;

/** Steps of `$.a[0]['b c'].*` or `a.0.b`; null when it cannot be read. `[*]` and `.*` stand for every member. */
export function parseJsonPath(path: string): readonly Step[] | null {
  const steps: Step[] = [];
  let rest = path.startsWith('$') ? path.slice(1) : `.${path}`;
  while (rest !== '') {
    const hit = /^(?:\.([^.[\]'"]{1,100})|\[(\d{1,9}|\*)\]|\[(?:'([^']{1,100})'|"([^"]{1,100})")\])/.exec(rest);
    if (hit === null) return null;
    const key = hit[1] ?? hit[3] ?? hit[4];
    if (key !== undefined) steps.push(key === '*' ? EVERY : key);
    else steps.push(hit[2] === '*' ? EVERY : Number(hit[2]));
    rest = rest.slice(hit[0].length);
  }
  return steps;
}

/** Every value at the path, at most a thousand; own properties only, so `constructor` leads nowhere. */
export function valuesAt(root: unknown, steps: readonly Step[]): readonly unknown[] {
  let values: unknown[] = [root];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of values) {
      if (typeof value !== 'object' || value === null) continue;
      if (step === EVERY) next.push(...(Object.values(value) as unknown[]).slice(0, MOST_VALUES));
      else if (Object.hasOwn(value, String(step))) next.push((value as Record<string, unknown>)[String(step)]);
    }
    values = next.slice(0, MOST_VALUES);
  }
  return values;
}
