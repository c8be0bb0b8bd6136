import { calibration } from './calibration';
import { testVectors } from './jest-cases';

testVectors(calibration);
