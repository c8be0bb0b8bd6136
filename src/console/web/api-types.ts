/** What the API answers, as far as the page shows it. Times are milliseconds of event time, UTC. */
export interface SegmentKey {
  readonly dimension: string;
  readonly value: string;
}

export interface Level {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Effect {
  readonly change: number;
  readonly standard_error: number;
}

export interface ChangeInterval {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Alert {
  readonly id: string;
  readonly episode: number;
  readonly state: string;
  readonly severity: string;
  /** Severity that it would have had, had the mode of its segment allowed it. */
  readonly withheld: string | null;
  readonly series: {
    readonly kind: string;
    readonly segment: SegmentKey;
    readonly criterion: string;
    readonly panel: string;
  };
  readonly owner: string;
  readonly fired_at: number;
  readonly resolved_at: number | null;
  readonly before: (Level & { readonly items: number }) | null;
  readonly after: (Level & { readonly items: number }) | null;
  readonly began: ChangeInterval | null;
  readonly incident: string | null;
  readonly text: string;
}

export interface Acknowledgement {
  readonly action: string;
  readonly cause: string | null;
  readonly reason: string;
  readonly author: string;
  readonly at: number;
}

export interface AlertRow {
  readonly alert: Alert;
  readonly acknowledgements: readonly Acknowledgement[];
}

export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly mean: number | null;
  readonly standard_error: number | null;
  readonly interactions: number;
}

export interface AlertDetail extends AlertRow {
  readonly series: readonly Bucket[];
  readonly links: Readonly<Record<'silence' | 'silences' | 'runbook' | 'ticket', string | null>>;
}

export interface Incident {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly severity: string;
  readonly scope: SegmentKey;
  readonly opened_at: number;
  readonly alerts: readonly string[];
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface InteractionRow {
  readonly interaction_id: string;
  readonly conversation_id: string;
  readonly turn_index: number;
  readonly occurred_at: number;
  readonly outcome: string;
  readonly cell: {
    readonly segments: Readonly<Record<string, string>>;
    readonly provider: string;
    readonly model: string;
    readonly route: string;
    readonly release: string | null;
  };
  readonly sampled: boolean;
  readonly worst_score: number | null;
  readonly disagreement: number | null;
  readonly failed_checks: readonly string[];
  readonly criteria: readonly {
    readonly criterion: string;
    readonly result: string;
    readonly score: number | null;
    readonly pass: boolean | null;
    readonly escalated: boolean;
  }[];
  readonly cost_usd: number;
}

export interface Turn extends InteractionRow {
  /** Null where no text is kept. */
  readonly asked: string | null;
  readonly answered: string | null;
}

export interface JudgeAnswer {
  readonly judge: string;
  readonly family: string;
  readonly outcome: string;
  readonly score: number | null;
  readonly confidence: number | null;
  readonly rationale: string | null;
  readonly cost_usd: number;
  readonly ms: number;
  readonly reported_version: string | null;
}

export interface CriterionVerdict {
  readonly criterion: string;
  readonly result: string;
  readonly unjudged_reason: string | null;
  readonly panel: string | null;
  readonly cheap: readonly JudgeAnswer[];
  readonly ensemble: readonly JudgeAnswer[];
  readonly escalation: {
    readonly escalated: boolean;
    readonly reason: string | null;
    readonly probability: number;
  } | null;
  readonly combined: {
    readonly score: number;
    readonly method: string;
    readonly disagreement: number;
    readonly outlier_judge: string | null;
    readonly quorum: number;
    readonly degraded: boolean;
    readonly independent: boolean;
  } | null;
  readonly score: number | null;
  readonly pass: boolean | null;
  readonly estimator_value: number | null;
}

export interface Check {
  readonly check: string;
  readonly version: number;
  readonly result: string;
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly detail: string | null;
}

export interface Verdict {
  readonly verdict_id: string;
  readonly interaction_id: string;
  readonly sampling: { readonly sampled: boolean; readonly probability: number; readonly cell: string };
  readonly checks: readonly Check[];
  readonly criteria: readonly CriterionVerdict[];
  readonly trail: readonly {
    readonly stage: string;
    readonly chose: string;
    readonly why: string;
    readonly probability: number | null;
    readonly cost_usd: number;
    readonly ms: number;
  }[];
  readonly redactions: readonly { readonly kind: string; readonly count: number }[];
  readonly cost_usd: number;
  readonly versions: Readonly<Record<string, string | number>>;
  readonly interaction: {
    readonly input: readonly { readonly role: string; readonly content: string }[];
    readonly context: readonly { readonly id: string; readonly text: string }[];
    readonly output: {
      readonly text: string;
      readonly finish_reason: string | null;
      readonly tool_calls: readonly {
        readonly name: string;
        readonly arguments: string;
        readonly result: string | null;
      }[];
    };
  } | null;
}

export interface Session {
  readonly session_id: string;
  readonly opened_at: number;
  readonly closed_at: number;
  readonly ending: string;
  readonly turns: number;
  readonly bad_turns: number;
  readonly good_turns: number;
  readonly satisfaction: number;
  readonly recovery: { readonly bad_turns: number; readonly within: number; readonly ever: number };
  readonly engagement: { readonly dwell_ms: number; readonly effort_minutes: number };
}

export interface Label {
  readonly criterion: string;
  readonly outcome: string;
  readonly value: number | null;
  readonly comment: string | null;
  readonly rater: string;
  readonly labelled_at: number;
  readonly reason: string;
}

export interface InteractionDetail {
  readonly interaction: InteractionRow;
  readonly verdict: Verdict | null;
  readonly conversation: readonly Turn[];
  readonly sessions: readonly Session[];
  readonly labels: readonly Label[];
  readonly links: { readonly trace: string | null };
}

export interface Cause {
  readonly kind: string;
  readonly family: string;
  readonly what: string;
  readonly effect: Effect;
  readonly share: number;
  readonly certainty: string;
  readonly because: string;
}

export interface Report {
  readonly headline: string;
  readonly estimate: {
    readonly before: (Level & { readonly units: number }) | null;
    readonly after: (Level & { readonly units: number }) | null;
    readonly change: Effect | null;
  };
  readonly decomposition:
    (Readonly<Record<'sampling' | 'mix' | 'within', Effect>> & { readonly judge: Effect | null }) | null;
  readonly causes: readonly Cause[];
  readonly carriers: readonly {
    readonly what: string;
    readonly contribution: Effect;
    readonly before: number | null;
    readonly after: number | null;
    readonly share_before: number;
    readonly share_after: number;
  }[];
  readonly findings: readonly {
    readonly what: string;
    readonly verdict: string;
    readonly test: string;
    readonly figures: string;
  }[];
  readonly users: readonly {
    readonly name: string;
    readonly before: number | null;
    readonly after: number | null;
    readonly sessions_before: number;
    readonly sessions_after: number;
    readonly moved: string;
  }[];
  readonly checks: readonly { readonly check: string; readonly before: number; readonly after: number }[];
  readonly other_criteria: readonly {
    readonly criterion: string;
    readonly before: number | null;
    readonly after: number | null;
    readonly change: Effect | null;
  }[];
  readonly timeline: readonly { readonly at: number; readonly kind: string; readonly text: string }[];
  readonly examples: Readonly<Record<'worst' | 'typical' | 'recovered', readonly InteractionRow[]>>;
  readonly commands: readonly string[];
  readonly next_steps: readonly string[];
}

export interface Estimate {
  readonly segment: string;
  readonly criterion: string;
  readonly panel: string;
  readonly mean: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly sessions?: number;
  readonly items: number;
  readonly escalated: number;
  readonly judged_ratio: number | null;
  readonly unjudged: number;
}

export interface Standing {
  readonly segment: string;
  readonly kind: string;
  readonly criterion: string;
  readonly panel: string;
  readonly state: string;
  readonly severity: string;
  readonly owner: string;
  readonly learned: number;
  readonly threshold_ratio: number | null;
  readonly detectable_drop: Readonly<Record<'1d' | '7d' | '30d', number | null>> | null;
}

export interface Ratio {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
}

export interface SegmentSessions {
  readonly segment: string;
  readonly endings: Readonly<Record<string, number>>;
  readonly turns: number;
  readonly bad_turns: number;
  readonly ratios: Readonly<Record<'recovery' | 'abandonment' | 'handoff' | 'return' | 'satisfaction', Ratio | null>>;
}

export interface Segments {
  readonly clock: number | null;
  readonly estimates: readonly Estimate[];
  readonly standings: readonly Standing[];
  readonly sessions: readonly SegmentSessions[];
}

export interface Status {
  readonly instance: string;
  readonly version: string;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly lag: readonly { readonly topic: string; readonly partition: number; readonly lag_records: number }[];
  readonly report: {
    readonly seconds: number;
    readonly records: Readonly<Record<string, number>>;
    readonly criteria: Readonly<
      Record<
        string,
        {
          readonly scored: number;
          readonly not_applicable: number;
          readonly not_sampled: number;
          readonly unjudged: number;
          readonly unjudged_reasons: Readonly<Record<string, number>>;
          readonly pass: number;
          readonly fail: number;
          readonly escalation_rate: number | null;
        }
      >
    >;
    readonly escalations: Readonly<Record<string, number>>;
    readonly judge_calls: number;
    readonly judge_cost_usd: number;
  } | null;
  readonly store: Readonly<Record<string, number | null>> | null;
}

export interface Me {
  readonly name: string;
  readonly role: string;
  readonly segments: readonly string[];
}

export interface Agreement {
  readonly n: number;
  readonly share: number;
  readonly kappa: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface JudgeFigures {
  readonly judge: string;
  readonly family: string;
  readonly criterion: string;
  readonly stage: string;
  readonly asked: number;
  readonly scored: number;
  readonly missing: Readonly<Record<string, number>>;
  readonly pass_rate: number | null;
  readonly agreement: Agreement | null;
  readonly with_people: Agreement | null;
  readonly outlier: number;
  readonly cost_usd: number;
  readonly median_ms: number | null;
  readonly versions: readonly string[];
}

export interface Judges {
  readonly interactions: number;
  readonly rows: readonly JudgeFigures[];
  readonly golden: readonly {
    readonly judge: string;
    readonly criterion: string;
    readonly items: number;
    readonly now: number;
    readonly sealed: number;
  }[];
}

export interface ReviewItem {
  readonly interaction_id: string;
  readonly criterion: string;
  readonly rubric: string | null;
  readonly conversation: readonly { readonly role: string; readonly content: string }[];
  readonly context: readonly { readonly id: string; readonly text: string }[];
}

export interface Reviews {
  readonly rows: readonly ReviewItem[];
  readonly left: number;
  readonly labelled: number;
}

/** What the judges said of what was just labelled. */
export interface Judged {
  readonly score: number | null;
  readonly pass: boolean | null;
  readonly judges: readonly JudgeAnswer[];
}
