import { edetector } from './edetector';
import { testVectors } from './jest-cases';

testVectors(edetector);
