import { agreement } from './agreement';
import { testVectors } from './jest-cases';

testVectors(agreement);
