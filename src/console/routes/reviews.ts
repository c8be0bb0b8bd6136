import { type Label, LABEL_OUTCOMES } from '../../domain/label';
import { labelRecord } from '../../domain/ledger-record';
import type { Interaction } from '../../domain/interaction';
import type { Verdict } from '../../domain/verdict';
import type { DrawnReview, OpenReview } from '../../reviews/queue';
import { goldenItem, raterHash, type ReviewedItem, scoresOf, toLabel } from '../../reviews/review';
import { isInSegment } from '../../store/traffic-cell';
import type { Judged, ReviewItem, Reviews } from '../answers';
import { BadParameter, bodyOneOf, bodyText, numberOf, optionalText } from '../parameters';
import type { ConsoleParts } from '../ports';
import { readReviewDesk, type ReviewDesk } from '../review-desk';
import type { Principal } from '../principal';
import { type Answer, type Call, found, problem, type Route } from '../route';
import { toSnake } from '../snake';

const MOST_ITEMS = 50;

export function reviewRoutes(parts: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/reviews',
      role: 'labeller',
      scope: 'own',
      summary: 'What you should label next, without what the judges said, or why it is asked',
      query: { limit: `items, 1 to ${MOST_ITEMS}, usually 10` },
      answer: '`rows`: interaction_id, criterion, rubric, round, conversation, context; and `left`',
      handle: (call) => queueAnswer(parts, call),
    },
    {
      method: 'POST',
      path: '/reviews',
      role: 'labeller',
      scope: 'own',
      summary: 'Save a label; only the answer to this tells what the judges said',
      body: {
        interaction_id: 'which',
        criterion: 'of what',
        outcome: LABEL_OUTCOMES.map((outcome) => `\`${outcome}\``).join(', '),
        value: 'from 0 (fails) to 1 (passes); for `labelled`',
        comment: 'in words; redacted before it is kept',
      },
      answer: '`label` as it went into the ledger, and `judges`, `score`, `pass` of the verdict',
      handle: (call) => labelAnswer(parts, call),
    },
  ];
}

async function queueAnswer(parts: ConsoleParts, { query, principal }: Call): Promise<Answer> {
  const limit = numberOf(query, 'limit') ?? 10;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ITEMS) {
    throw new BadParameter(`limit: wanted a whole number from 1 to ${MOST_ITEMS}`);
  }
  const desk = await readReviewDesk(parts);
  const rater = raterHash(principal.name, parts.reviews.raterSalt);
  const queue = desk.open(rater).filter(({ interactionId }) => maySee(principal, segmentsOf(desk, interactionId)));
  const rows: ReviewItem[] = [];
  for (const item of queue) {
    if (rows.length >= limit) break;
    const blind = await blindItem(parts, desk, item);
    if (blind !== null) rows.push(blind);
  }
  const labelled = desk.labels.filter((label) => label.rater === rater).length;
  return found<Reviews>({ rows, left: queue.length, labelled });
}

type Segments = Readonly<Record<string, string>>;

function segmentsOf({ rows, golden }: ReviewDesk, interactionId: string): Segments {
  return rows.get(interactionId)?.cell.segments ?? golden.get(interactionId)?.interaction.segments ?? {};
}

function maySee({ segments: own }: Principal, segments: Segments): boolean {
  const cell = { segments, provider: '', model: '', route: '', release: null };
  return own.length === 0 || own.some((segment) => isInSegment(cell, segment));
}

/** What the judges saw, and nothing of what they said. Null where no text is kept. */
async function blindItem(parts: ConsoleParts, desk: ReviewDesk, item: OpenReview): Promise<ReviewItem | null> {
  const { interactionId, criterion, round } = item;
  const { interaction } = (await aboutItem(parts, desk, interactionId)) ?? {};
  if (interaction === undefined || interaction === null) return null;
  const { input, output, context } = interaction;
  return {
    interaction_id: interactionId,
    criterion,
    rubric: parts.criteria.find(({ name }) => name === criterion)?.rubric ?? null,
    round,
    conversation: [...input, { role: 'assistant' as const, content: output.text }].map(toSnake),
    context: context.map(toSnake),
  };
}

interface About {
  readonly interaction: Interaction | null;
  readonly item: ReviewedItem;
  /** Null for an item of the golden set: what was said of it when it was live is not told. */
  readonly verdict: Verdict | null;
}

async function aboutItem(
  { store, parseVerdict, criteria, reviews }: ConsoleParts,
  desk: ReviewDesk,
  interactionId: string,
): Promise<About | null> {
  const passAt = new Map(criteria.map((criterion) => [criterion.name, criterion.passAt]));
  const golden = desk.golden.get(interactionId);
  if (golden !== undefined) {
    return { interaction: golden.interaction, verdict: null, item: goldenItem(golden, reviews.familyOf, passAt) };
  }
  const stored = await store.interaction(interactionId);
  const json = stored?.verdictJson ?? null;
  if (stored === null || json === null) return null;
  const verdict = parseVerdict(json);
  const { segments, model } = stored.row.cell;
  const item = { segments, producerFamily: reviews.familyOf(model), scores: scoresOf(verdict.criteria, passAt) };
  return { interaction: verdict.interaction, verdict, item };
}

async function labelAnswer(parts: ConsoleParts, { body, principal }: Call): Promise<Answer> {
  const { append, now, reviews } = parts;
  const interactionId = bodyText(body, 'interaction_id', 500);
  const criterion = bodyText(body, 'criterion', 200);
  const outcome = bodyOneOf(body, 'outcome', LABEL_OUTCOMES);
  const value = outcome === 'labelled' ? shareIn(body, 'value') : null;
  const desk = await readReviewDesk(parts);
  const about = await aboutItem(parts, desk, interactionId);
  if (about === null || !maySee(principal, about.item.segments)) {
    return problem(404, `no verdict of ${interactionId} to label`);
  }
  if (append === null) return problem(409, 'this console only reads');
  const others = desk.labels.filter((label) => label.interactionId === interactionId && label.criterion === criterion);
  const label = toLabel(
    {
      interactionId,
      criterion,
      rater: principal.name,
      outcome,
      value,
      confidence: null,
      comment: optionalText(body, 'comment'),
      rubricVersion: null,
      probability: null,
      labelledAt: null,
    },
    { item: about.item, drawn: desk.drawn.get(interactionId) ?? notDrawn(interactionId), others },
    {
      cohort: reviews.options.cohort,
      rubricVersion: reviews.options.rubricVersion,
      raterSalt: reviews.raterSalt,
      now: now(),
      redact: parts.redact,
    },
  );
  if (!label.ok) return problem(404, `${interactionId} was not judged on ${criterion} (${label.error})`);
  await append([labelRecord(label.value, now())]);
  const judged: Judged = { label: toSnake(label.value), ...saidByJudges(about.verdict, label.value) };
  return { status: 201, json: judged };
}

/** What was shown and is no longer drawn, since its segment is covered by now, stands for itself alone. */
function notDrawn(interactionId: string): DrawnReview {
  return { interactionId, criteria: [], reason: 'coverage', probability: null, isDoubled: false, since: null };
}

function saidByJudges(verdict: Verdict | null, { criterion }: Label): Omit<Judged, 'label'> {
  const judged = verdict?.criteria.find((one) => one.criterion === criterion);
  const judges = judged === undefined ? [] : [...judged.cheap, ...judged.ensemble];
  return { score: judged?.score ?? null, pass: judged?.pass ?? null, judges: judges.map(toSnake) };
}

function shareIn(body: Readonly<Record<string, unknown>>, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new BadParameter(`${name}: wanted a number from 0 to 1`);
  }
  return value;
}
