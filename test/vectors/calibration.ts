import { areaUnderRoc } from '../../src/stats/auc';
import {
  brierParts,
  equalMassBins,
  equalWidthBins,
  expectedCalibrationError,
  logLoss,
  maximumCalibrationError,
} from '../../src/stats/calibration-error';
import { areaUnderRiskCoverage, confidentErrors, riskAtCoverage, selectiveRisks } from '../../src/stats/selective-risk';
import { number, numbers, record, tableOver } from './read';
import type { VectorSuite } from './suite';

export const calibration: VectorSuite = {
  file: 'calibration.json',
  compute: (input, shape) => {
    const p = numbers(input, 'p');
    const y = numbers(input, 'y');
    const bins = equalWidthBins(p, y, number(input, 'bins'));
    const wrong = confidentErrors(p, y, number(input, 'highConfidence'));
    const risks = selectiveRisks(p, y);
    const roc = areaUnderRoc(p, y);
    return {
      ece: expectedCalibrationError(bins),
      mce: maximumCalibrationError(bins),
      binTable: bins.map((bin) => [bin.n, bin.meanPredicted, bin.meanObserved]),
      eceEqualMass: expectedCalibrationError(equalMassBins(p, y, number(input, 'bins'))),
      ...brierParts(p, y),
      logLoss: logLoss(p, y),
      wrongHighConfidence: { count: wrong.count, n: wrong.n, rate: wrong.rate, wilson95: wrong.interval },
      riskAtCoverage: tableOver(record(shape, 'riskAtCoverage'), (coverage) => riskAtCoverage(risks, coverage)),
      aurc: areaUnderRiskCoverage(risks),
      auc: roc?.auc,
      aucSe: roc?.standardError,
      aucCi95: roc?.interval,
    };
  },
};
