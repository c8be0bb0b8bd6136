import { divergence } from './divergence';
import { testVectors } from './jest-cases';

testVectors(divergence);
