import { agreement } from './agreement';
import { aipw } from './aipw';
import { analyticCi } from './analytic-ci';
import { anchors } from './anchors';
import { calibration } from './calibration';
import { cohorts } from './cohorts';
import { comparisonDetectors } from './comparison-detectors';
import { confseq } from './confseq';
import { conformal } from './conformal';
import { detectorGoals } from './detector-goals';
import { divergence } from './divergence';
import { edetector } from './edetector';
import { ensemble } from './ensemble';
import { judgeBias } from './judge-bias';
import { mixshift } from './mixshift';
import { multiplicity } from './multiplicity';
import type { VectorSuite } from './suite';

/** Every file of reference vectors the project answers to. */
export const SUITES: readonly VectorSuite[] = [
  agreement,
  aipw,
  analyticCi,
  anchors,
  calibration,
  cohorts,
  comparisonDetectors,
  confseq,
  conformal,
  detectorGoals,
  divergence,
  edetector,
  ensemble,
  judgeBias,
  mixshift,
  multiplicity,
];
