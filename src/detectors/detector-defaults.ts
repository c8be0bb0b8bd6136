/** What is shipped when the configuration says nothing: two budgets over all series together, and what baselines need. */
export const DETECTOR_DEFAULTS = {
  /** False pages of the whole fleet: one in so many days. A page asks for a drop of more than the tolerance. */
  page: { days: 30, tolerance: 0.02 },
  ticket: { days: 3, tolerance: 0 },
  /** Closed sessions of a reference window; it then goes on learning (`growing-detector.ts`). */
  referenceSessions: 1000,
} as const;
