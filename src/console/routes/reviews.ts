import { type Label, LABEL_OUTCOMES } from '../../domain/label';
import { labelRecord } from '../../domain/ledger-record';
import type { CriterionVerdict, JudgeAnswer, Verdict } from '../../domain/verdict';
import { isInSegment } from '../../store/segment-of-cell';
import type { StoredInteraction } from '../../store/port';
import type { Principal } from '../access';
import { BadParameter, bodyOneOf, bodyText, numberOf, optionalText } from '../parameters';
import type { ConsoleParts } from '../ports';
import { type ReviewItem, reviewKey, reviewQueue } from '../review-queue';
import { type Answer, type Call, found, problem, type Route } from '../route';
import { toSnake } from '../snake';

/** Share of what is judged that is drawn for people by chance. */
const SHARE = 0.1;
/** Candidates looked at, and items handed out at most. */
const CANDIDATES = 200;
const MOST_ITEMS = 50;

export function reviewRoutes(parts: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/reviews',
      role: 'labeller',
      summary: 'What you should label next, without what the judges said',
      query: { limit: `items, 1 to ${MOST_ITEMS}, usually 10` },
      answer: '`rows`: interaction_id, criterion, rubric, reason, conversation, context; and `left`',
      handle: (call) => queueAnswer(parts, call),
    },
    {
      method: 'POST',
      path: '/reviews',
      role: 'labeller',
      summary: 'Save a label; only the answer to this tells what the judges said',
      body: {
        interaction_id: 'which',
        criterion: 'of what',
        outcome: LABEL_OUTCOMES.map((outcome) => `\`${outcome}\``).join(', '),
        value: 'from 0 (fails) to 1 (passes); for `labelled`',
        reason: '`random` or `disagreement`, as the queue said',
        comment: 'in words; redacted before it is kept',
      },
      answer: '`label` as it went into the ledger, and `judges`, `score`, `pass` of the verdict',
      handle: (call) => labelAnswer(parts, call),
    },
  ];
}

async function queueAnswer(parts: ConsoleParts, { query, principal }: Call): Promise<Answer> {
  const { store } = parts;
  const limit = numberOf(query, 'limit') ?? 10;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ITEMS) {
    throw new BadParameter(`limit: wanted a whole number from 1 to ${MOST_ITEMS}`);
  }
  const page = { limit: CANDIDATES };
  const [recent, split, labels] = await Promise.all([
    store.interactions({}, 'recent', page),
    store.interactions({}, 'disagreement', page),
    store.labels(0, Number.MAX_SAFE_INTEGER),
  ]);
  const rater = parts.hashRater(principal.name);
  const mine = labels.filter((label) => label.rater === rater);
  const queue = reviewQueue({
    recent: recent.rows,
    split: split.rows,
    labelled: new Set(mine.map(({ interactionId, criterion }) => reviewKey(interactionId, criterion))),
    share: SHARE,
  }).filter(({ row }) => maySeeCell(principal, row.cell));
  const rows: object[] = [];
  for (const item of queue) {
    if (rows.length >= limit) break;
    const blind = await blindItem(parts, item);
    if (blind !== null) rows.push(blind);
  }
  return found(toSnake({ rows, left: queue.length, labelled: mine.length }));
}

function maySeeCell({ segments }: Principal, cell: Parameters<typeof isInSegment>[0]): boolean {
  return segments.length === 0 || segments.some((segment) => isInSegment(cell, segment));
}

/** What the judges saw, and nothing of what they said. Null where no text is kept. */
async function blindItem({ store, parseVerdict, criteria }: ConsoleParts, item: ReviewItem): Promise<object | null> {
  const { row, criterion, reason, probability } = item;
  const stored = await store.interaction(row.interactionId);
  const json = stored?.verdictJson ?? null;
  const interaction = json === null ? null : parseVerdict(json).interaction;
  if (interaction === null) return null;
  const { input, output, context } = interaction;
  return {
    interactionId: row.interactionId,
    criterion,
    rubric: criteria.find(({ name }) => name === criterion)?.rubric ?? null,
    reason,
    probability,
    conversation: [...input, { role: 'assistant', content: output.text }],
    context,
  };
}

async function labelAnswer(parts: ConsoleParts, { body, principal }: Call): Promise<Answer> {
  const { store, append, now } = parts;
  const interactionId = bodyText(body, 'interaction_id', 500);
  const criterion = bodyText(body, 'criterion', 200);
  const outcome = bodyOneOf(body, 'outcome', LABEL_OUTCOMES);
  const value = outcome === 'labelled' ? shareIn(body, 'value') : null;
  const stored = await store.interaction(interactionId);
  const json = stored?.verdictJson ?? null;
  if (stored === null || json === null || !maySeeCell(principal, stored.row.cell)) {
    return problem(404, `no verdict of ${interactionId} to label`);
  }
  const verdict = parts.parseVerdict(json);
  const judged = verdict.criteria.find((one) => one.criterion === criterion);
  if (judged === undefined) return problem(404, `${interactionId} was not judged on ${criterion}`);
  if (append === null) return problem(409, 'this console only reads');
  const comment = optionalText(body, 'comment');
  const label = labelOf(parts, stored, verdict, judged, {
    outcome,
    value,
    comment: comment === null ? null : parts.redact(comment),
    rater: parts.hashRater(principal.name),
    reason: bodyOneOf(body, 'reason', ['random', 'disagreement'] as const),
  });
  await append([labelRecord(label, now())]);
  const { score, pass } = judged;
  return { status: 201, json: toSnake({ label, score, pass, judges: answersOf(judged) }) };
}

function labelOf(
  { now, criteria }: ConsoleParts,
  { row }: StoredInteraction,
  { versions }: Verdict,
  judged: CriterionVerdict,
  said: Pick<Label, 'outcome' | 'value' | 'comment' | 'rater' | 'reason'>,
): Label {
  return {
    ...said,
    interactionId: row.interactionId,
    criterion: judged.criterion,
    confidence: null,
    cohort: 'console',
    rubricVersion: versions.rubrics,
    labelledAt: now(),
    round: 'first',
    probability: said.reason === 'random' ? SHARE : null,
    segments: row.cell.segments,
    producerFamily: null,
    panel: judged.panel,
    score: judged.score,
    passAt: criteria.find(({ name }) => name === judged.criterion)?.passAt ?? 0.5,
    judges: answersOf(judged).flatMap(({ judge, family, score }) => (score === null ? [] : [{ judge, family, score }])),
  };
}

function answersOf({ cheap, ensemble }: CriterionVerdict): readonly JudgeAnswer[] {
  return [...cheap, ...ensemble];
}

function shareIn(body: Readonly<Record<string, unknown>>, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new BadParameter(`${name}: wanted a number from 0 to 1`);
  }
  return value;
}
