import type { GoldenAnswer } from '../../domain/golden';
import { isInSegment } from '../../store/traffic-cell';
import type { GoldenDrift, Judges } from '../answers';
import { judgeFigures } from '../judge-figures';
import { BadParameter, numberOf } from '../parameters';
import type { ConsoleParts } from '../ports';
import { found, type Route } from '../route';
import { toSnake } from '../snake';

const USUAL = 400;
const MOST = 2_000;
const PAGE = 200;

export function judgeRoutes({ store, parseVerdict }: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/judges',
      role: 'viewer',
      scope: 'own',
      summary:
        'How each judge did on the latest interactions: agreement, failures, cost; and its drift on the frozen set',
      query: { last: `judged interactions looked at, at most ${MOST}, usually ${USUAL}` },
      answer: '`rows` by criterion, stage and judge; `golden` by judge and criterion; `interactions` looked at',
      handle: async ({ query, principal }) => {
        const last = numberOf(query, 'last') ?? USUAL;
        if (!Number.isInteger(last) || last < 1 || last > MOST) {
          throw new BadParameter(`last: wanted a whole number from 1 to ${MOST}`);
        }
        const ids: string[] = [];
        for (let after: string | null | undefined; after !== null && ids.length < last;) {
          const page = await store.interactions({}, 'recent', { limit: PAGE, after });
          for (const { interactionId, sampled, cell } of page.rows) {
            const isMine = principal.segments.length === 0 || principal.segments.some((one) => isInSegment(cell, one));
            if (sampled && isMine && ids.length < last) ids.push(interactionId);
          }
          after = page.next;
        }
        const stored = await Promise.all(ids.reverse().map((id) => store.interaction(id)));
        const verdicts = stored.flatMap((one) => {
          const json = one?.verdictJson ?? null;
          return json === null ? [] : [parseVerdict(json)];
        });
        const labels = stored.flatMap((one) => one?.labels ?? []);
        const golden = await store.golden(0, Number.MAX_SAFE_INTEGER);
        return found<Judges>({
          interactions: verdicts.length,
          rows: judgeFigures(verdicts, labels).map(toSnake),
          golden: driftOf(golden.map(({ answer }) => answer)),
        });
      },
    },
  ];
}

interface Drift {
  readonly judge: string;
  readonly criterion: string;
  /** Items of its latest run, their mean score now and when the set was sealed. */
  items: number;
  sum: number;
  sealed: number;
}

/** Of each judge's latest run on the frozen set, plain items only. */
function driftOf(answers: readonly GoldenAnswer[]): GoldenDrift[] {
  const latest = new Map(answers.map(({ judge, run }) => [judge, run]));
  const table = new Map<string, Drift>();
  for (const { judge, run, variant, repeat, scores } of answers) {
    if (run !== latest.get(judge) || variant !== 'plain' || repeat !== 0) continue;
    for (const { criterion, score, sealed } of scores) {
      if (score === null || sealed === null) continue;
      const key = `${judge}\u0000${criterion}`;
      const drift = table.get(key) ?? { judge, criterion, items: 0, sum: 0, sealed: 0 };
      drift.items += 1;
      drift.sum += score;
      drift.sealed += sealed;
      table.set(key, drift);
    }
  }
  return [...table.values()].map(({ judge, criterion, items, sum, sealed }) => ({
    judge,
    criterion,
    items,
    now: sum / items,
    sealed: sealed / items,
  }));
}
