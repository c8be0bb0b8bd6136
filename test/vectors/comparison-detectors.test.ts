import { comparisonDetectors } from './comparison-detectors';
import { testVectors } from './jest-cases';

testVectors(comparisonDetectors);
