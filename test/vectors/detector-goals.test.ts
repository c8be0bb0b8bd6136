import { detectorGoals } from './detector-goals';
import { testVectors } from './jest-cases';

testVectors(detectorGoals);
