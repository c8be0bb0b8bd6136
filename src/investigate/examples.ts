import type { EvidenceStore } from '../store/port';
import type { InteractionRow } from '../store/port-search';
import type { Diagnosis } from './diagnose';
import type { Subject } from './gather';
import { sessionsIn } from './users';

export type Examples = Readonly<Record<'worst' | 'typical' | 'recovered', readonly InteractionRow[]>>;

const EXAMPLES = 5;
/** A later turn that scores this much has come out well. */
const WELL = 0.5;

/** The worst since the change, ones like most, and conversations that came out well in spite of it. */
export async function findExamples(store: EvidenceStore, subject: Subject, diagnosis: Diagnosis): Promise<Examples> {
  const { scope, userScope, causes } = diagnosis;
  if (causes[0]?.family === 'users') {
    const segment = userScope?.label ?? subject.segment;
    return { worst: await leftConversations(store, diagnosis, segment), typical: [], recovered: [] };
  }
  const segment = scope === null || scope.label === 'all' ? subject.segment : scope.label;
  const window = { segment, from: subject.changeAt, to: subject.to };
  const page = { limit: EXAMPLES };
  if (subject.isCheck) {
    const failing = await store.interactions({ ...window, check: subject.criterion }, 'recent', page);
    return { worst: failing.rows, typical: [], recovered: [] };
  }
  const { criterion } = diagnosis.evidence;
  const about = criterion === '' ? window : { ...window, criterion };
  const worst = await store.interactions({ ...about, result: 'fail' }, 'recent', page);
  const typical = await store.interactions(about, 'recent', page);
  return { worst: worst.rows, typical: typical.rows, recovered: await laterTurns(store, worst.rows) };
}

/** Last turns of conversations that users gave up or had handed over, the latest first. */
async function leftConversations(
  store: EvidenceStore,
  { evidence }: Diagnosis,
  segment: string,
): Promise<InteractionRow[]> {
  const left = sessionsIn(evidence.after.sessions, segment)
    .filter(({ ending }) => ending === 'abandoned' || ending === 'handed_off')
    .slice(0, EXAMPLES);
  const turns = await Promise.all(left.map(({ conversationId }) => store.conversation(conversationId)));
  return turns.flatMap((all) => all.slice(-1).map(({ row }) => row));
}

async function laterTurns(store: EvidenceStore, worst: readonly InteractionRow[]): Promise<InteractionRow[]> {
  const recovered: InteractionRow[] = [];
  for (const row of worst) {
    const turns = await store.conversation(row.conversationId);
    const later = turns.find((turn) => turn.row.turnIndex > row.turnIndex && (turn.row.worstScore ?? 0) >= WELL);
    if (later !== undefined && !recovered.some((one) => one.interactionId === later.row.interactionId)) {
      recovered.push(later.row);
    }
  }
  return recovered;
}
