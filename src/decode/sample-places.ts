/** A path that leads to a plain value or a list in some of the samples. */
export interface Place {
  readonly path: string;
  /** Words of the path without separators, e.g. `response.usage.prompttokens`. */
  readonly name: string;
  readonly depth: number;
  count: number;
  readonly values: unknown[];
}

const MAX_DEPTH = 8;
const MAX_PLACES = 5_000;
const KEPT_VALUES = 20;

/** By path; 5,000 at most, down to a depth of 8, with some of the values seen there. */
export function collectPlaces(samples: readonly unknown[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const sample of samples) visit(sample, '', 0, places);
  return places;
}

/** Of a list the list itself and its first item: what lies in others is reached by `each`. */
function visit(value: unknown, path: string, depth: number, places: Map<string, Place>): void {
  if (value === null || value === undefined || value === '' || depth > MAX_DEPTH) return;
  if (typeof value !== 'object' || Array.isArray(value)) note(value, path, depth, places);
  if (Array.isArray(value)) visit(value[0], `${path}[0]`, depth + 1, places);
  else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) visit(inner, step(path, key), depth + 1, places);
  }
}

function step(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return key.includes('"') ? path : `${path}["${key}"]`;
  return path === '' ? key : `${path}.${key}`;
}

function note(value: unknown, path: string, depth: number, places: Map<string, Place>): void {
  let place = places.get(path);
  if (place === undefined) {
    if (path === '' || places.size >= MAX_PLACES) return;
    const name = path
      .toLowerCase()
      .replaceAll(/\[\d+\]/g, '')
      .replaceAll(/["\][]/g, '.')
      .replaceAll(/[_$-]/g, '');
    place = { path, name: name.replaceAll(/\.+/g, '.').replace(/\.$/, ''), depth, count: 0, values: [] };
    places.set(path, place);
  }
  place.count += 1;
  if (place.values.length < KEPT_VALUES) place.values.push(value);
}
