import type { Cause } from './cause';
import type { Diagnosis } from './diagnose';
import type { Subject } from './gather';
import { signed } from './words';

const FAMILY_WORDS: Readonly<Record<Cause['family'], string>> = {
  product: 'Product',
  traffic: 'Traffic',
  judge: 'Judge',
  labels: 'Labels',
  users: 'Users',
  none: 'Nothing',
};

/** Whose it is, what it is, and what says so, in one or two sentences. */
export function headlineOf({ segment, criterion }: Subject, { causes, decomposition, evidence }: Diagnosis): string {
  const [first] = causes;
  const where = segment === 'all' ? 'the whole stream' : segment;
  if (first === undefined || first.kind === 'nothing') {
    return `Nothing moved beyond doubt in ${criterion === '' ? where : `${criterion} of ${where}`}.`;
  }
  const isSure = first.certainty === 'shown' ? '' : 'Likely ';
  const named = `${isSure}${FAMILY_WORDS[first.family]}: ${first.kind.replaceAll('_', ' ')}, ${first.what}.`;
  if (decomposition === null) return `${named} ${capital(first.because)}.`;
  const { observed, before, after } = decomposition;
  // Series about users or labels are named after what they measure: what is told here is the criterion looked at.
  const what = evidence.criterion === '' ? '' : ` of ${evidence.criterion}`;
  const level = `${before.mean.toFixed(3)} → ${after.mean.toFixed(3)}`;
  return `${named} The mean${what} in ${where} went ${level} (${signed(observed)}); ${first.because}.`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
