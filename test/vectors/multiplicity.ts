import {
  averageEValue,
  benjaminiHochberg,
  calibratePValue,
  eBenjaminiHochberg,
  eBonferroni,
  eLond,
} from '../../src/stats/multiplicity';
import { number, numbers } from './read';
import type { VectorSuite } from './suite';

export const multiplicity: VectorSuite = {
  file: 'multiplicity.json',
  compute: (input) => {
    const e = numbers(input, 'e');
    const p = numbers(input, 'p');
    const alpha = number(input, 'alpha');
    const average = averageEValue(e);
    return {
      eBH: eBenjaminiHochberg(e, alpha),
      eBonferroni: eBonferroni(e, alpha),
      BH: benjaminiHochberg(p, alpha),
      eLOND: eLond(e, alpha),
      averageE: average,
      globalReject: average !== null && average >= 1 / alpha,
      calibratedE: p.map(calibratePValue),
    };
  },
};
