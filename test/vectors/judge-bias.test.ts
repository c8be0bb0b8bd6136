import { judgeBias } from './judge-bias';
import { testVectors } from './jest-cases';

testVectors(judgeBias);
