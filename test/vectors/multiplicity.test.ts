import { multiplicity } from './multiplicity';
import { testVectors } from './jest-cases';

testVectors(multiplicity);
