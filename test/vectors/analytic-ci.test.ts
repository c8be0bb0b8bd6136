import { analyticCi } from './analytic-ci';
import { testVectors } from './jest-cases';

testVectors(analyticCi);
