import { hasSegments, whereLabel } from '../domain/segment';
import type { BudgetOptions } from './options';

/** Keys of the ceilings that an item with such segments counts towards. */
export type CeilingsOf = (segments: Readonly<Record<string, string>>) => readonly string[];

const NONE: readonly string[] = [];

export function createCeilings(ceilings: BudgetOptions['ceilings']): CeilingsOf {
  const known = ceilings.map(({ where }) => ({ key: whereLabel(where), where: Object.entries(where) }));
  if (known.length === 0) return () => NONE;
  return (segments) => known.filter(({ where }) => hasSegments(segments, where)).map(({ key }) => key);
}
