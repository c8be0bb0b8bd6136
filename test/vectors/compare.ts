/** One place where an actual value departs from the expected one, e.g. `confusion[1][0]: expected 6, got 7`. */
export type Difference = string;

/**
 * Compares every key and element of `expected` with `actual` and lists the differences; keys only `actual` has are
 * ignored. Numbers pass when |actual - expected| <= tolerance * max(1, |expected|), which no two different counts or
 * indices do; booleans and strings must be equal; expected null asks for null or undefined.
 */
export function differences(expected: unknown, actual: unknown, tolerance: number, path = ''): Difference[] {
  if (expected === null) {
    return actual === null || actual === undefined ? [] : [mismatch(path, expected, actual)];
  }
  if (typeof expected === 'number') {
    const near =
      typeof actual === 'number' && Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
    return near ? [] : [mismatch(path, expected, actual)];
  }
  if (Array.isArray(expected)) return arrayDifferences(expected, actual, tolerance, path);
  if (typeof expected === 'object') return objectDifferences(expected, actual, tolerance, path);
  return actual === expected ? [] : [mismatch(path, expected, actual)];
}

function arrayDifferences(
  expected: readonly unknown[],
  actual: unknown,
  tolerance: number,
  path: string,
): Difference[] {
  if (!isArrayLike(actual)) return [mismatch(path, `${expected.length} elements`, actual)];
  if (actual.length !== expected.length) {
    return [mismatch(path, `${expected.length} elements`, `${actual.length} elements`)];
  }
  return expected.flatMap((value, i) => differences(value, actual[i], tolerance, `${path}[${i}]`));
}

function objectDifferences(expected: object, actual: unknown, tolerance: number, path: string): Difference[] {
  if (typeof actual !== 'object' || actual === null) return [mismatch(path, 'an object', actual)];
  const values = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, values.get(key), tolerance, path === '' ? key : `${path}.${key}`),
  );
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float64Array;
}

function mismatch(path: string, expected: unknown, actual: unknown): Difference {
  return `${path}: expected ${String(expected)}, got ${String(actual)}`;
}
