import fc from 'fast-check';
import { type Label, labelKey } from '../../../src/domain/label';
import { reviewOptions } from '../../../src/reviews/options';
import {
  type DrawnReview,
  drawReviews,
  isSplitDecision,
  nextRound,
  openReviews,
  type ReviewCandidate,
  reviewsAt,
} from '../../../src/reviews/queue';
import {
  contradicts,
  raterHash,
  type Review,
  type ReviewContext,
  type ReviewedItem,
  type ReviewRules,
  toLabel,
} from '../../../src/reviews/review';
import { type GoldenReview, rotaAt } from '../../../src/reviews/rota';
import { parseCsv, renderCsv, REVIEW_COLUMNS, toReview } from '../../../src/reviews/table';
import { buildInteraction } from '../../support/builders/interaction';
import { buildLabel } from '../../support/builders/keyed-record';

const OPTIONS = reviewOptions.parse({ random: 0.05, disagreement: 0.5, divergence: 0.2, second: 0.2 });
const NO_GAPS = { labelled: new Map([['product=support', 1000]]), newestRelease: null };

function candidates(n: number, overrides: Partial<ReviewCandidate> = {}): ReviewCandidate[] {
  return Array.from({ length: n }, (_, i) => ({
    interactionId: `i-${i}`,
    criteria: ['helpful'],
    segments: { product: 'support' },
    release: 'r1',
    disagreement: 0,
    diverges: false,
    isSplit: false,
    ...overrides,
  }));
}

describe('a split decision that is people’s', () => {
  const splits = new Map([['helpful', 0.5]]);
  const said = (criterion: string, ...scores: (number | null)[]) => [
    { criterion, ensemble: scores.map((score) => ({ score })) },
  ];

  it('is one vote from a tie', () => {
    expect(isSplitDecision(splits, said('helpful', 1, 0, 1))).toBe(true);
    expect(isSplitDecision(splits, said('helpful', 0.9, 0.2))).toBe(true);
    expect(isSplitDecision(splits, said('helpful', 1, 1, 1, 0))).toBe(false);
    expect(isSplitDecision(splits, said('helpful', 1, 1, 1))).toBe(false);
    expect(isSplitDecision(splits, said('helpful', 1, null, 0))).toBe(true);
    expect(isSplitDecision(splits, said('polite', 1, 0))).toBe(false);
  });

  it('always comes into the queue, with its chance', () => {
    const drawn = drawReviews(candidates(500, { isSplit: true }), NO_GAPS, OPTIONS);
    expect(drawn).toHaveLength(500);
    expect(drawn.every(({ probability }) => probability === 1)).toBe(true);
    // Of these, those of the uniform sample go on standing for the traffic.
    expect(new Set(drawn.map(({ reason }) => reason))).toEqual(new Set(['random', 'disagreement']));
  });
});

describe('drawing reviews', () => {
  it('draws as many by chance alone as it says, and the same ones again', () => {
    const drawn = drawReviews(candidates(20_000), NO_GAPS, OPTIONS);
    expect(drawn.length / 20_000).toBeCloseTo(0.05, 2);
    expect(new Set(drawn.map(({ reason }) => reason))).toEqual(new Set(['random']));
    expect(drawn.every(({ probability }) => probability === 0.05)).toBe(true);
    expect(drawReviews(candidates(20_000).reverse(), NO_GAPS, OPTIONS).reverse()).toEqual(drawn);
    expect(drawn.filter(({ isDoubled }) => isDoubled).length / drawn.length).toBeCloseTo(0.2, 1);
  });

  it('draws more where judges disagree, with the probability on the item, and random ones among them still', () => {
    const drawn = drawReviews(candidates(10_000, { disagreement: 1 }), NO_GAPS, OPTIONS);
    expect(drawn.length / 10_000).toBeCloseTo(0.55, 1);
    expect(drawn.every(({ probability }) => Math.abs((probability ?? 0) - 0.55) < 1e-12)).toBe(true);
    expect(drawn.filter(({ reason }) => reason === 'random').length / 10_000).toBeCloseTo(0.05, 2);
    expect(drawn.filter(({ reason }) => reason === 'disagreement').length / 10_000).toBeCloseTo(0.5, 1);
  });

  it('keeps what it drew when an item becomes more interesting', () => {
    const before = drawReviews(candidates(5_000), NO_GAPS, OPTIONS).map(({ interactionId }) => interactionId);
    const after = drawReviews(candidates(5_000, { diverges: true }), NO_GAPS, OPTIONS);
    const ids = new Set(after.map(({ interactionId }) => interactionId));
    expect(before.every((id) => ids.has(id))).toBe(true);
  });

  it('looks at gaps in coverage and at the newest release', () => {
    const gap = drawReviews(candidates(5_000), { labelled: new Map(), newestRelease: 'r1' }, OPTIONS);
    expect(new Set(gap.map(({ reason }) => reason))).toEqual(new Set(['random', 'coverage', 'release']));
  });
});

describe('the review queue', () => {
  const drawn: DrawnReview[] = [
    {
      interactionId: 'i-1',
      criteria: ['helpful'],
      reason: 'random',
      probability: 0.1,
      isDoubled: true,
      since: null,
    },
  ];
  const first = buildLabel({ value: 1, rater: 'a' });
  const second = buildLabel({ value: 0, rater: 'b', round: 'second' });
  const roundsFor = (labels: Parameters<typeof openReviews>[1], rater: string | null = null): string[] =>
    openReviews(drawn, labels, rater).map(({ round }) => round);

  it('asks for a first label, a second by somebody else, and an adjudication where they split', () => {
    expect(roundsFor([])).toEqual(['first']);
    expect(roundsFor([first])).toEqual(['second']);
    expect(roundsFor([first], 'a')).toEqual([]);
    expect(roundsFor([first, second])).toEqual(['adjudication']);
    expect(roundsFor([first, { ...second, value: 1 }])).toEqual([]);
    expect(roundsFor([first, second, buildLabel({ rater: 'c', round: 'adjudication' })])).toEqual([]);
  });

  it('asks once about what is not doubled, and never again about what was withdrawn', () => {
    expect(nextRound([first], false)).toBeNull();
    expect(nextRound([{ ...first, outcome: 'withdrawn', value: null }], true)).toBeNull();
  });

  it('counts "cannot tell" as given, and as a split against a label', () => {
    const unsure = buildLabel({ rater: 'b', round: 'second', outcome: 'cannot_tell', value: null });
    expect(roundsFor([first, unsure])).toEqual(['adjudication']);
  });
});

describe('golden items labelled again', () => {
  const WEEK = 7 * 86_400_000;
  const items = Array.from({ length: 23 }, (_, i): GoldenReview => {
    return { id: `g-${i}`, interaction: buildInteraction(), human: i < 20 ? { helpful: 1 } : {} };
  });
  const golden = { goldenPerWeek: 5, salt: 's' };
  const idsIn = (week: number): string[] => rotaAt(items, week * WEEK + 3, golden).items.map(({ id }) => id);

  it('have their turn one after the other, only those that people have labelled, and begin anew', () => {
    const month = [0, 1, 2, 3].flatMap(idsIn);
    expect(new Set(month).size).toBe(20);
    expect(month.every((id) => Number(id.slice(2)) < 20)).toBe(true);
    expect(idsIn(4)).toEqual(idsIn(0));
    expect(rotaAt([], WEEK, golden).items).toEqual([]);
  });

  it('wait once a turn: a label of this turn is one, a label of a year ago is not', () => {
    const now = 4 * WEEK + 3;
    const all = reviewsAt({ candidates: candidates(200), labels: [], golden: items, now }, { ...OPTIONS, ...golden });
    const [turn = ''] = idsIn(4);
    const waits = (labelledAt: number): boolean => {
      const label = buildLabel({ interactionId: turn, reason: 'golden', labelledAt });
      return openReviews(all, [label], null).some(({ interactionId }) => interactionId === turn);
    };
    expect(waits(now - 4 * WEEK)).toBe(true);
    expect(waits(now)).toBe(false);
  });

  it('stand anywhere among the others', () => {
    const places = [0, 1, 2, 3, 4, 5, 6, 7].map((week) => {
      const input = { candidates: candidates(400), labels: [], golden: items, now: week * WEEK };
      const all = reviewsAt(input, { ...OPTIONS, ...golden });
      return all.findIndex(({ reason }) => reason === 'golden') / all.length;
    });
    expect(Math.max(...places)).toBeGreaterThan(0.1);
    expect(Math.min(...places)).toBeLessThan(0.1);
  });
});

const RULES: ReviewRules = {
  cohort: 'team',
  rubricVersion: '2',
  raterSalt: 'salt',
  now: 5,
  redact: (text) => text.replaceAll('4111', '[CARD]'),
};
const ITEM: ReviewedItem = {
  segments: { product: 'support' },
  producerFamily: 'acme',
  scores: new Map([['helpful', { panel: 'p', score: 0.9, passAt: 0.5, judges: [] }]]),
};
const DRAWN: DrawnReview = {
  interactionId: 'i-1',
  criteria: ['helpful'],
  reason: 'random',
  probability: 0.1,
  isDoubled: true,
  since: null,
};
const ABOUT: ReviewContext = { item: ITEM, drawn: DRAWN, others: [] };
const REVIEW: Review = {
  interactionId: 'i-1',
  criterion: 'helpful',
  rater: 'ada',
  outcome: 'labelled',
  value: 1,
  confidence: null,
  comment: null,
  rubricVersion: '2',
  probability: null,
  labelledAt: null,
};

describe('a review', () => {
  it('becomes a label beside what judges said, by a hash and without what is personal', () => {
    const label = toLabel({ ...REVIEW, comment: 'card 4111' }, ABOUT, RULES);
    if (!label.ok) throw new Error(label.error);
    expect(label.value).toMatchObject({
      value: 1,
      score: 0.9,
      probability: 0.1,
      cohort: 'team',
      comment: 'card [CARD]',
    });
    expect(label.value.rater).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(label.value)).not.toContain('ada');
  });

  it.each([
    ['an interaction that is not known', REVIEW, undefined, 'unknown_interaction'],
    ['a criterion that was not judged', { ...REVIEW, criterion: 'kind' }, ITEM, 'unknown_criterion'],
    ['another version of the rubric', { ...REVIEW, rubricVersion: '1' }, ITEM, 'wrong_rubric'],
    ['a value outside [0, 1]', { ...REVIEW, value: 3 }, ITEM, 'invalid'],
    ['a label without a value', { ...REVIEW, value: null }, ITEM, 'invalid'],
    ['nobody', { ...REVIEW, rater: '' }, ITEM, 'invalid'],
  ])('about %s is refused by name', (_name, review, item, fault) => {
    expect(toLabel(review, { ...ABOUT, item }, RULES)).toEqual({ ok: false, error: fault });
  });

  it('is a second opinion where another person was first, and keeps its round when it is said again', () => {
    const roundOf = (others: readonly Label[], drawn: DrawnReview | undefined = DRAWN): string => {
      const label = toLabel(REVIEW, { item: ITEM, drawn, others }, RULES);
      return label.ok ? `${label.value.round} ${label.value.reason}` : label.error;
    };
    const own = raterHash('ada', 'salt');
    expect(roundOf([])).toBe('first random');
    expect(roundOf([buildLabel({ rater: 'other' })])).toBe('second random');
    expect(roundOf([buildLabel({ rater: own }), buildLabel({ rater: 'other', round: 'second' })])).toBe('first random');
  });

  it('of an item that nobody was asked about is an import, without a probability', () => {
    const label = toLabel(REVIEW, { item: ITEM, drawn: undefined, others: [] }, RULES);
    expect(label).toMatchObject({ ok: true, value: { reason: 'import', probability: null } });
  });

  it('keeps the time that its table gives it, but none to come', () => {
    const timeOf = (labelledAt: number | null): number | null => {
      const label = toLabel({ ...REVIEW, labelledAt }, ABOUT, RULES);
      return label.ok ? label.value.labelledAt : null;
    };
    expect([null, RULES.now - 5, RULES.now + 5].map(timeOf)).toEqual([RULES.now, RULES.now - 5, RULES.now]);
  });

  it('contradicts an earlier one by the same person only', () => {
    const label = buildLabel({ value: 1 });
    expect(contradicts(label, buildLabel({ value: 0 }))).toBe(true);
    expect(contradicts(label, buildLabel({ value: 1 }))).toBe(false);
    expect(contradicts(label, buildLabel({ value: 0, rater: 'other' }))).toBe(false);
    expect(labelKey(label)).toBe(labelKey(buildLabel({ value: 0 })));
  });
});

describe('a table of reviews', () => {
  const cells = fc.string({ unit: 'grapheme', maxLength: 30 });

  it('comes back from CSV whatever is in its cells, and never begins a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ request: cells, answer: cells, comment: cells }), { maxLength: 5 }), (rows) => {
        const named = rows.map((row, i) => ({ interaction_id: `i-${i}`, ...row }));
        const csv = renderCsv(named);
        // A cell that is a formula with our own mark in front reads back without it: the mark is ours.
        const expected = named.map((row) =>
          Object.fromEntries(
            REVIEW_COLUMNS.map((column) => {
              const value = (row as Partial<Record<string, string>>)[column] ?? '';
              return [column, /^'[=+\-@\t\r]/.test(value) ? value.slice(1) : value];
            }),
          ),
        );
        expect(parseCsv(csv)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
    const attack = renderCsv([{ interaction_id: 'i', answer: '=HYPERLINK("http://x")', comment: '@SUM(1)' }]);
    expect(attack).not.toMatch(/(^|[,;"\n])[=+@-]/m);
  });

  it('reads semicolons, as some spreadsheets write them', () => {
    expect(parseCsv('interaction_id;label\ni-1;0,5\n')).toEqual([{ interaction_id: 'i-1', label: '0,5' }]);
  });

  it.each([
    ['pass', 'labelled', 1],
    ['No', 'labelled', 0],
    ['0,25', 'labelled', 0.25],
    ['?', 'cannot_tell', null],
    ['remove', 'withdrawn', null],
    ['banana', 'labelled', -1],
  ])('reads %s', (label, outcome, value) => {
    expect(toReview({ interaction_id: 'i', criterion: 'helpful', rater: 'ada', label })).toMatchObject({
      outcome,
      value,
    });
    expect(toReview({ interaction_id: 'i' })).toBeNull();
  });
});
