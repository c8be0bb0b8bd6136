import { type Arm, parseArm } from '../../compare/arm';
import { compareArms } from '../../compare/compare';
import { observeOutcomes } from '../../compare/observations';
import { comparisonToJson } from '../../compare/to-json';
import { segmentLabel } from '../../domain/segment';
import { maySee } from '../access';
import { BadParameter, numberOf, textOf, timeOf } from '../parameters';
import type { Principal } from '../principal';
import type { ConsoleParts } from '../ports';
import { found, problem, type Route } from '../route';

const WEEK_MS = 7 * 86_400_000;
/** Far more than a difference of a few points needs; about a third of a second to read. */
const MOST_SESSIONS = 20_000;
const USUAL = { maxDrop: 0.05, alpha: 0.05, seed: 7 };

export function compareRoutes({ store, parseSession, widestScore, now }: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/compare',
      role: 'viewer',
      scope: 'own',
      summary: 'One part of the traffic against another in the same period, by the sessions that have closed',
      query: {
        where: 'the part in question, e.g. `release=v2,product=support`',
        against: 'what it is measured by, e.g. `release=v1,product=support`',
        max_drop: `a fall by less than this is no fall, in [0, 1]; usually ${USUAL.maxDrop}`,
        within_ms: 'only what began so soon after the later part did',
        on: 'what decides, several joined by commas: criteria and signals; usually all criteria and not_abandoned',
        expected_share: 'share of the sessions that the first part should have, in (0, 1); absent = not checked',
        alpha: `probability of ever deciding wrongly, in (0, 1); usually ${USUAL.alpha}`,
        from: `time of closing from which sessions are read, the latest ${MOST_SESSIONS}; usually a week ago`,
        to: 'its end; usually now',
      },
      answer:
        '`verdict` no_worse, worse or undecided, `reason`, `sessions`, and `series` with differences and intervals',
      handle: async ({ query, principal }) => {
        const [where, against] = [armOf(query, 'where'), armOf(query, 'against')];
        if (!maySeeArm(principal, where) || !maySeeArm(principal, against)) {
          return problem(403, 'one of the parts is not yours to see');
        }
        const to = timeOf(query, 'to') ?? now() + 1;
        const bodies = await store.outcomes(timeOf(query, 'from') ?? to - WEEK_MS, to, MOST_SESSIONS);
        const comparison = compareArms(observeOutcomes(bodies.map(parseSession), where, against), {
          maxDrop: shareOf(query, 'max_drop') ?? USUAL.maxDrop,
          alpha: openShareOf(query, 'alpha') ?? USUAL.alpha,
          widestScore,
          on: textOf(query, 'on')?.split(',') ?? null,
          expectedShare: openShareOf(query, 'expected_share') ?? null,
          withinMs: numberOf(query, 'within_ms') ?? null,
          isFixed: false,
          seed: USUAL.seed,
        });
        return found(comparisonToJson(comparison, where, against));
      },
    },
  ];
}

function armOf(query: URLSearchParams, name: string): Arm {
  const arm = parseArm(textOf(query, name) ?? '');
  if (!arm.ok) throw new BadParameter(`${name}: ${arm.error}`);
  return arm.value;
}

/** One condition that lies in what may be seen is enough: the others only narrow it. */
function maySeeArm(principal: Principal, arm: Arm): boolean {
  return arm.some((condition) => maySee(principal, segmentLabel(condition)));
}

function shareOf(query: URLSearchParams, name: string): number | undefined {
  const share = numberOf(query, name);
  if (share !== undefined && !(share >= 0 && share <= 1))
    throw new BadParameter(`${name}: wanted a number from 0 to 1`);
  return share;
}

function openShareOf(query: URLSearchParams, name: string): number | undefined {
  const share = shareOf(query, name);
  if (share === 0 || share === 1) throw new BadParameter(`${name}: wanted a number between 0 and 1`);
  return share;
}
