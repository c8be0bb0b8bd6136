import { explainVerdict } from '../../investigate/explain';
import type { InteractionFilter, InteractionOrder, StoredInteraction } from '../../store/port-search';
import { isInSegment, type TrafficCell } from '../../store/traffic-cell';
import type { InteractionDetail, InteractionRow, Page, Session, Turn, Verdict } from '../answers';
import { numberOf, oneOf, PAGE_QUERY, pageOf, textOf, timeOf } from '../parameters';
import type { ConsoleParts } from '../ports';
import type { Principal } from '../principal';
import { type Answer, found, problem, type Route } from '../route';
import { toSnake } from '../snake';

const ORDERS: readonly InteractionOrder[] = ['recent', 'worst', 'disagreement'];
const RESULTS = ['pass', 'fail', 'unjudged'] as const;

export function interactionRoutes(parts: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/interactions',
      role: 'viewer',
      scope: 'own',
      summary: 'Search interactions',
      query: {
        ...PAGE_QUERY,
        q: 'words of the user or of the answer, where text is kept; or an interaction or conversation id',
        segment: 'e.g. `product=support`',
        criterion: 'only where it was judged; scores are then its own',
        result: '`pass`, `fail` or `unjudged`',
        min_score: 'in [0, 1]',
        max_score: 'in [0, 1]',
        min_disagreement: 'of the ensemble, in [0, 1]',
        check: 'a check that failed',
        conversation: 'id of a conversation',
        user: 'hash of a user',
        from: 'event time, ISO 8601 or ms',
        to: 'event time, exclusive',
        order: '`recent`, `worst` or `disagreement`',
      },
      answer: '`rows` and `next`',
      handle: ({ query, principal }) => searchAnswer(parts, query, principal),
    },
    {
      method: 'GET',
      path: '/interactions/{id}',
      role: 'viewer',
      scope: 'own',
      summary: 'One interaction: its verdict, the whole conversation, sessions and labels',
      answer: '`interaction`, `verdict` (null when it is not kept), `conversation`, `sessions`, `labels`, `links`',
      handle: ({ path, principal }) => interactionAnswer(parts, path['id']!, principal),
    },
    {
      method: 'GET',
      path: '/explain/{id}',
      role: 'viewer',
      scope: 'own',
      summary: 'One score in words',
      answer: 'How it was sampled, checked, routed, judged, and what it moved',
      handle: ({ path, principal }) => explainAnswer(parts, path['id']!, principal),
    },
  ];
}

/** Who may see some segments only must name one of them. */
function scopedSegment(
  { segments }: Principal,
  wanted: string | undefined,
): { readonly segment: string | undefined } | null {
  if (segments.length === 0) return { segment: wanted };
  if (wanted === undefined) return segments.length === 1 ? { segment: segments[0] } : null;
  return segments.includes(wanted) ? { segment: wanted } : null;
}

function maySeeCell({ segments }: Principal, cell: TrafficCell): boolean {
  return segments.length === 0 || segments.some((segment) => isInSegment(cell, segment));
}

async function searchAnswer({ store }: ConsoleParts, query: URLSearchParams, principal: Principal): Promise<Answer> {
  const scoped = scopedSegment(principal, textOf(query, 'segment'));
  if (scoped === null) return problem(403, `name one of your segments: ${principal.segments.join(', ')}`);
  const filter: InteractionFilter = {
    ...scoped,
    criterion: textOf(query, 'criterion'),
    result: oneOf(query, 'result', RESULTS),
    minScore: numberOf(query, 'min_score'),
    maxScore: numberOf(query, 'max_score'),
    minDisagreement: numberOf(query, 'min_disagreement'),
    check: textOf(query, 'check'),
    conversation: textOf(query, 'conversation'),
    userHash: textOf(query, 'user'),
    from: timeOf(query, 'from'),
    to: timeOf(query, 'to'),
  };
  const text = textOf(query, 'q');
  const order = oneOf(query, 'order', ORDERS) ?? 'recent';
  if (text !== undefined) {
    const byId = await store.interaction(text);
    if (byId !== null && maySeeCell(principal, byId.row.cell)) return rowsAnswer({ rows: [byId.row], next: null });
    const turns = await store.conversation(text);
    const mine = turns.filter(({ row }) => maySeeCell(principal, row.cell));
    if (mine.length > 0) return rowsAnswer({ rows: mine.map(({ row }) => row), next: null });
  }
  return rowsAnswer(await store.interactions({ ...filter, text }, order, pageOf(query)));
}

function rowsAnswer({ rows, next }: Page<StoredInteraction['row']>): Answer {
  return found<Page<InteractionRow>>({ rows: rows.map(toSnake), next });
}

async function interactionAnswer({ store, links }: ConsoleParts, id: string, principal: Principal): Promise<Answer> {
  const stored = await store.interaction(id);
  if (stored === null || !maySeeCell(principal, stored.row.cell)) return problem(404, `no interaction ${id}`);
  const [turns, sessions] = await Promise.all([
    store.conversation(stored.row.conversationId),
    store.sessionsOf(stored.row.conversationId),
  ]);
  const verdict = stored.verdictJson === null ? null : (JSON.parse(stored.verdictJson) as Verdict);
  return found<InteractionDetail>({
    interaction: toSnake(stored.row),
    verdict,
    labels: toSnake(stored.labels),
    conversation: turns.filter(({ row }) => maySeeCell(principal, row.cell)).map(turnAnswer),
    sessions: sessions.map((session) => JSON.parse(session) as Session),
    links: linksOf(links.trace, verdict),
  });
}

/** A turn as the conversation shows it: what was asked last and what was answered; null where no text is kept. */
function turnAnswer({ row, verdictJson }: StoredInteraction): Turn {
  const verdict = verdictJson === null ? null : (JSON.parse(verdictJson) as Verdict);
  const interaction = verdict?.interaction ?? null;
  return {
    ...toSnake(row),
    asked: interaction?.input.findLast(({ role }) => role === 'user')?.content ?? null,
    answered: interaction?.output.text ?? null,
  };
}

function linksOf(template: string | null, verdict: Verdict | null): InteractionDetail['links'] {
  const trace = verdict?.interaction?.trace?.trace_id;
  return { trace: template === null || trace === undefined ? null : fillLink(template, { trace_id: trace }) };
}

/** Values are escaped, so that they stay one part of the URL. */
export function fillLink(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? encodeURIComponent(values[name]!) : whole,
  );
}

async function explainAnswer({ store, parseVerdict }: ConsoleParts, id: string, principal: Principal): Promise<Answer> {
  const stored = await store.interaction(id);
  if (stored === null || !maySeeCell(principal, stored.row.cell)) return problem(404, `no interaction ${id}`);
  if (stored.verdictJson === null) return problem(404, `the verdict of ${id} is not kept any more`);
  const { verdict: _, ...words } = explainVerdict(parseVerdict(stored.verdictJson), stored.labels);
  return found({ ...toSnake(words), verdict: JSON.parse(stored.verdictJson) as Verdict });
}
