import { aipw } from './aipw';
import { testVectors } from './jest-cases';

testVectors(aipw);
