import { INJECTION_PATTERNS } from './injection-patterns';
import { createTriggerScan } from './injection-triggers';

/** One pass over a folded text: what it holds, and where which pattern is worth trying. */
export const seenTriggers = createTriggerScan(INJECTION_PATTERNS);
