import { foldOf } from '../../src/compose/ledger/fold';
import { alertLine, sessionLine } from '../../src/compose/codecs';
import type { Alert } from '../../src/domain/alert';
import type { SessionOutcome } from '../../src/domain/session-outcome';
import { subjectOfAlert, subjectOfTime } from '../../src/investigate/gather';
import { investigate, type Report } from '../../src/investigate/report';
import type { EvidenceStore } from '../../src/store/port';
import { openSqliteStore } from '../../src/store/sqlite';
import { IN_MEMORY } from '../../src/store/sqlite-database';
import { loadedText } from '../../test/support/config-text';
import type { IncidentStory } from './incident';

const CONFIG = `
instance: { name: incidents }
segments:
  dimensions: [product, locale, plan]
  crosses: [[product, locale]]
criteria:
  - { name: correct, rubric: Is it correct? }
judges:
  - { name: mini, baseUrl: http://127.0.0.1/v1, model: mistral-small }
  - { name: alpha, baseUrl: http://127.0.0.1/v1, model: gpt-4o }
  - { name: beta, baseUrl: http://127.0.0.1/v1, model: gemini-pro }
cascade: { cheap: [[mini]], ensemble: [[alpha, beta]], auditProbability: 0.5 }
detectors: { reference: 500, maxSeries: 60 }
`;

const BATCH = 500;

/** What a story came to: the report of the alert that it raised, or of the time it is about when it raised none. */
export interface Investigated {
  readonly report: Report;
  readonly alert: Alert | null;
}

/** Folds the story's ledger as WATCH does, stores it as the console does, and investigates as on-call does. */
export async function investigateStory(story: IncidentStory): Promise<Investigated> {
  const { config } = loadedText(CONFIG);
  const alerts = new Map<string, Alert>();
  const sessions: SessionOutcome[] = [];
  const fold = foldOf(config, {
    onAlert: (alert) => void alerts.set(alert.id, alert),
    onSession: ({ outcome }) => void sessions.push(outcome),
  });
  const state = fold.initial();
  story.records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  const store = openSqliteStore({ path: IN_MEMORY, searchText: false, key: null });
  try {
    await fill(store, story, [...alerts.values()], sessions);
    const alert = choose([...alerts.values()], story);
    const subject =
      alert === null
        ? subjectOfTime('all', 'correct', story.changeAt, story.endAt + 1)
        : subjectOfAlert(alert, story.endAt);
    return { alert, report: await investigate(store, subject, alert) };
  } finally {
    await store.close();
  }
}

async function fill(
  store: EvidenceStore,
  { records, verdicts }: IncidentStory,
  alerts: readonly Alert[],
  sessions: readonly SessionOutcome[],
): Promise<void> {
  for (let at = 0; at < verdicts.length; at += BATCH) {
    await store.write({ verdicts: verdicts.slice(at, at + BATCH).map((value) => ({ value, json: '{}' })) });
  }
  for (let at = 0; at < records.length; at += BATCH) {
    const entries = records.slice(at, at + BATCH).map((record, i) => ({ position: BigInt(at + i), record }));
    await store.write({ entries });
  }
  await store.write({
    sessions: sessions.map((value) => ({ value, json: sessionLine(value) })),
    alerts: alerts.map((value) => ({ value, json: alertLine(value) })),
  });
}

const GRAVITY = ['page', 'ticket', 'info'];

/** The gravest alert since the change, the earliest of several: what on-call is woken by. */
function choose(alerts: readonly Alert[], { changeAt }: IncidentStory): Alert | null {
  const since = alerts.filter(({ firedAt, series }) => firedAt >= changeAt && series.kind !== 'traffic_absent');
  const [first] = since.sort(
    (a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity) || a.firedAt - b.firedAt,
  );
  return first ?? null;
}
