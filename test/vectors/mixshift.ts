import { attributeMixShift } from '../../src/stats/mix-shift';
import { matrixOrNull, numbers } from './read';
import type { VectorSuite } from './suite';

export const mixshift: VectorSuite = {
  file: 'mixshift.json',
  compute: (input) => ({
    ...attributeMixShift(
      { weights: numbers(input, 'w0'), means: matrixOrNull(input, 'm0') },
      { weights: numbers(input, 'w1'), means: matrixOrNull(input, 'm1') },
      numbers(input, 'criteriaWeights'),
    ),
  }),
};
