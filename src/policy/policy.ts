/** What WATCH tells SCORE. Versioned: each decision is stamped with the version it was made under. */
export interface Policy {
  readonly version: number;
  /** Judges that may not be called at present. */
  readonly pausedJudges: readonly string[];
  /** False switches the borderline band off; the audit stays. */
  readonly bandEnabled: boolean;
}

/** The policy before WATCH has published any. */
export const INITIAL_POLICY: Policy = { version: 1, pausedJudges: [], bandEnabled: true };
