import { conformal } from './conformal';
import { testVectors } from './jest-cases';

testVectors(conformal);
