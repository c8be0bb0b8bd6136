/** Missing is not zero: it is shown as a dash. */
const NONE = '–';

/** `0.8123` → `0.812`. */
export function score(value: number | null | undefined, digits: number = 3): string {
  return value === null || value === undefined ? NONE : value.toFixed(digits);
}

/** `0.081` → `8.1 %`. */
export function percent(value: number | null | undefined, digits: number = 1): string {
  return value === null || value === undefined ? NONE : `${(100 * value).toFixed(digits)} %`;
}

/** `-0.081` → `−8.1 pt`. */
export function points(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  const size = (100 * Math.abs(value)).toFixed(1);
  return `${value < 0 ? '−' : '+'}${size} pt`;
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : value.toLocaleString('en');
}

export function usd(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : `$${value < 0.01 ? value.toFixed(5) : value.toFixed(2)}`;
}

/** Event time in UTC, as logs have it: `2026-11-02 08:00`. */
export function time(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? NONE : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

export function day(ms: number): string {
  return new Date(ms).toISOString().slice(5, 10);
}

/** `08:00`, UTC. */
export function hour(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** `score_regression` → `score regression`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** `{ dimension: 'product', value: 'support' }` → `product=support`. */
export function segmentLabel({ dimension, value }: { readonly dimension: string; readonly value: string }): string {
  return value === '' ? dimension : `${dimension}=${value}`;
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [value, 0];
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit] ?? ''}`;
}
