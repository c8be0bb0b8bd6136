import type { Cause, Finding } from './cause';
import type { Decomposition } from './decompose';
import { type Effect, isMoved, isPart, MINIMAL_EFFECT } from './effect';
import type { JudgeEvidence, Shifted } from './judge-evidence';
import type { Measured } from './measure';
import { percent, signed } from './words';

/** What was looked at, by which test, with which result: what is ruled out as well as what is found. */
export function findingsOf(measured: Measured, causes: readonly Cause[]): Finding[] {
  const { decomposition, judge, evidence } = measured;
  return [
    ...(decomposition === null ? [] : trafficFindings(decomposition, measured.rates)),
    ...(evidence.isCheck ? [] : judgeFindings(judge)),
    labelFinding(measured, causes),
    ...newcomerFindings(measured, causes),
    ...userFindings(measured),
  ];
}

function trafficFindings({ mix, sampling, observed }: Decomposition, rates: Measured['rates']): Finding[] {
  const verdictOf = (part: Effect): Finding['verdict'] => {
    if (isPart(part, observed.change) && part.change * observed.change > 0) return 'found';
    const most = Math.abs(part.change) + 1.645 * part.standardError;
    return most < Math.max(MINIMAL_EFFECT, 0.3 * Math.abs(observed.change)) ? 'ruled out' : 'not ruled out';
  };
  return [
    {
      what: 'traffic mix',
      verdict: verdictOf(mix),
      test: 'Shapley split of shares and means over declared slices',
      figures: signed(mix),
    },
    {
      what: 'sampling',
      verdict: rates.length === 0 ? 'ruled out' : verdictOf(sampling),
      test: 'rate of sampling of each slice, and the judged mean against the mean weighted to all traffic',
      figures: `${rates.length} rates changed, ${signed(sampling)}`,
    },
  ];
}

const VERDICT_ON_JUDGE = { moved: 'found', same: 'ruled out', unclear: 'not ruled out' } as const;

function judgeFindings({ golden, changes }: JudgeEvidence): Finding[] {
  const verdict = (what: string, { items, shift, verdict: found }: Shifted): Finding => ({
    what,
    verdict: VERDICT_ON_JUDGE[found],
    test: `paired change on ${items} frozen items, ±${MINIMAL_EFFECT} allowed`,
    figures: signed(shift),
  });
  const rerun: Finding[] =
    golden === null
      ? [
          {
            what: 'judge',
            verdict: 'not ruled out',
            test: 're-run on the frozen set',
            figures: 'there is no re-run since the change',
          },
        ]
      : [
          ...(golden.judges.length === 1 ? [] : [verdict('the judges together', golden)]),
          ...golden.judges.map((one) => verdict(`judge ${one.judge}`, one)),
        ];
  const versions = changes.map(({ what, share }): Finding => ({
    what: `judging changed: ${what}`,
    verdict: golden === null ? 'not ruled out' : VERDICT_ON_JUDGE[golden.verdict],
    test: 'versions on verdicts',
    figures: `${percent(share)} of what was judged since`,
  }));
  return [...rerun, ...versions];
}

function labelFinding({ labels }: Measured, causes: readonly Cause[]): Finding {
  const shift = labels.relabelled ?? labels.gap;
  if (shift === null) {
    const figures = `${labels.labelsBefore} and ${labels.labelsAfter} labels are too few`;
    return { what: 'labels', verdict: 'not ruled out', test: 'labels against scores', figures };
  }
  const isFound = causes.some(({ family, share }) => family === 'labels' && share >= 0.2);
  return {
    what: 'labels',
    verdict: isFound ? 'found' : isMoved(shift) ? 'not ruled out' : 'ruled out',
    test: 'labels against scores, and frozen items labelled again',
    figures: signed(shift),
  };
}

function newcomerFindings({ newcomers }: Measured, causes: readonly Cause[]): Finding[] {
  return newcomers.map(({ dimension, value, contrast }) => {
    const name = `${dimension}=${value}`;
    const isFound = causes.some(({ what }) => what === name || what.startsWith(`${name} `));
    const isReal = Math.abs(contrast.change) > 2 * contrast.standardError;
    return {
      what: name,
      verdict: isFound ? 'found' : isReal ? 'not ruled out' : 'ruled out',
      test: 'contrast with what it replaced, slice by slice',
      figures: signed(contrast),
    };
  });
}

function userFindings({ users }: Measured): Finding[] {
  return users.flatMap(({ name, moved, change }): Finding[] =>
    change === null
      ? []
      : [
          {
            what: `users: ${name}`,
            verdict: moved === 'no' ? 'ruled out' : 'found',
            test: 'difference of two means, 3 standard errors',
            figures: signed(change),
          },
        ],
  );
}
