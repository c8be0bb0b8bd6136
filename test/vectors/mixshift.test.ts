import { mixshift } from './mixshift';
import { testVectors } from './jest-cases';

testVectors(mixshift);
