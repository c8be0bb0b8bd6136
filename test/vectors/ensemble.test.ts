import { ensemble } from './ensemble';
import { testVectors } from './jest-cases';

testVectors(ensemble);
