import { bundleFiles, writeBundle } from '../../investigate/bundle';
import { type Subject, subjectOfAlert, subjectOfTime } from '../../investigate/gather';
import { reportMarkdown } from '../../investigate/markdown';
import { investigate } from '../../investigate/report';
import { weeklyMarkdown, weeklyReport } from '../../investigate/weekly';
import type { Annotation } from '../../domain/annotation';
import { segmentLabel } from '../../domain/segment';
import type { EvidenceStore } from '../../store/port';
import { visibleTo } from './alerts';
import { maySee, maySeeAbout } from '../access';
import type { Report } from '../answers';
import { oneOf, textOf, timeOf } from '../parameters';
import type { ConsoleParts } from '../ports';
import type { Principal } from '../principal';
import { type Answer, type Call, found, problem, type Route } from '../route';
import { toSnake } from '../snake';

const DAY_MS = 86_400_000;

export function reportRoutes(parts: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/report',
      role: 'viewer',
      scope: 'own',
      summary: 'What moved, since when, where, why, and what was ruled out: of an alert, or of a segment and a time',
      query: {
        alert: 'id of an alert',
        segment: 'without an alert, e.g. `product=support`',
        criterion: 'without an alert; absent = the first one',
        from: 'without an alert: begin of the time compared with what came before; usually a day before `to`',
        to: 'its end; usually the latest there is',
        format: '`json`, `markdown`, or `bundle`: one file with all numbers, to be checked by `investigate verify`',
      },
      answer: 'the report',
      handle: (call) => reportAnswer(parts, call),
    },
    {
      method: 'GET',
      path: '/report/weekly',
      role: 'viewer',
      scope: 'all',
      summary: 'The week in one page',
      query: { to: 'its end; usually the latest there is', format: '`json` or `markdown`' },
      answer: 'quality with intervals, what fired and why, who decided what',
      handle: (call) => weeklyAnswer(parts, call),
    },
  ];
}

async function reportAnswer(parts: ConsoleParts, { query, principal }: Call): Promise<Answer> {
  const { store } = parts;
  const format = oneOf(query, 'format', ['json', 'markdown', 'bundle']);
  if (format === 'bundle' && principal.segments.length > 0) {
    return problem(403, 'a bundle holds the numbers of all segments');
  }
  const alertId = textOf(query, 'alert');
  const newest = ((await store.span()).newest ?? 0) + 1;
  let subject: Subject;
  let alert = null;
  if (alertId !== undefined) {
    const stored = await store.alert(alertId);
    const [visible] = stored === null ? [] : visibleTo(principal, stored);
    if (visible === undefined) return problem(404, `no alert ${alertId}`);
    alert = parts.parseAlert(JSON.stringify(visible.alert));
    subject = subjectOfAlert(alert, newest);
  } else {
    const to = timeOf(query, 'to') ?? newest;
    const from = timeOf(query, 'from') ?? to - DAY_MS;
    const criterion = textOf(query, 'criterion') ?? (await store.criteria())[0] ?? '';
    subject = subjectOfTime(textOf(query, 'segment') ?? 'all', criterion, from, to);
  }
  if (!maySee(principal, subject.segment)) return problem(404, 'no such report');
  const report = await investigate(storeOf(store, principal), subject, alert);
  if (format === 'bundle') {
    const text = writeBundle(await bundleFiles(store, report, parts.version));
    return { status: 200, type: 'text/plain; charset=utf-8', text };
  }
  if (format === 'markdown') {
    return { status: 200, type: 'text/markdown; charset=utf-8', text: reportMarkdown(report) };
  }
  return found<Report>(toSnake(report));
}

/** Where annotations of other segments are not there. */
function storeOf(store: EvidenceStore, principal: Principal): EvidenceStore {
  const annotations = async (from: number, to: number): Promise<readonly Annotation[]> =>
    (await store.annotations(from, to)).filter(({ segments }) => maySeeAbout(principal, segments));
  return { ...store, annotations };
}

async function weeklyAnswer({ store, parseAlert, snapshot }: ConsoleParts, { query }: Call): Promise<Answer> {
  const to = timeOf(query, 'to') ?? ((await store.span()).newest ?? 0) + 1;
  const segments = new Set((snapshot()?.estimates ?? []).map(({ segment }) => segmentLabel(segment)));
  segments.delete('all');
  const week = await weeklyReport(store, parseAlert, to, [...segments].slice(0, MOST_SEGMENTS));
  if (oneOf(query, 'format', ['json', 'markdown']) === 'markdown') {
    return { status: 200, type: 'text/markdown; charset=utf-8', text: weeklyMarkdown(week) };
  }
  return found(toSnake(week));
}

/** A page that is read by people has room for so many. */
const MOST_SEGMENTS = 40;
