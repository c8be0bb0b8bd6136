import { cohorts } from './cohorts';
import { testVectors } from './jest-cases';

testVectors(cohorts);
