import { anchors } from './anchors';
import { testVectors } from './jest-cases';

testVectors(anchors);
