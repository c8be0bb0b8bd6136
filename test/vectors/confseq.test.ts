import { confseq } from './confseq';
import { testVectors } from './jest-cases';

testVectors(confseq);
