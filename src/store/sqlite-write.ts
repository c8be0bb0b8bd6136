import type { KeyedRecord, OutcomeCriterion, OutcomeItem } from '../domain/ledger-record';
import { segmentLabel } from '../domain/segment';
import type { SessionOutcome } from '../domain/session-outcome';
import type { Verdict } from '../domain/verdict';
import type { BodyCodec } from './body-codec';
import { erasedHash } from './erased-hash';
import type { EvidenceBatch, WithJson, WriteResult } from './port';
import type { JudgingVersion } from './port-window';
import { cellOf } from './traffic-cell';
import { createRecentMap } from './recent-map';
import type { Database } from './sqlite-database';
import { dropDetails } from './sqlite-details';
import { createHourSums, createHourSumsWriter, type HourSums } from './sqlite-hour-sums';
import type { Terms } from './sqlite-terms';
import type { WordIndex } from './words';

export interface WriterParts {
  readonly db: Database;
  readonly terms: Terms;
  readonly bodies: BodyCodec;
  /** Null where words are not indexed. */
  readonly words: WordIndex | null;
}

export interface Writer {
  /** In one transaction. */
  write(batch: EvidenceBatch): WriteResult;
  /** To be called when others have deleted: what is remembered of conversations may be gone. */
  forget(): void;
}

export function createWriter({ db, terms, bodies, words }: WriterParts): Writer {
  const sql = prepareAll(db);
  const conversations = createConversations(db);
  const writeHourSums = createHourSumsWriter(db);

  const isErased = (conversationId: string, userHash: string | null): boolean =>
    sql.tombstone.row('conversation', erasedHash(conversationId)) !== null ||
    (userHash !== null && sql.tombstone.row('user', erasedHash(userHash)) !== null);

  /** False when the interaction is known already: the first line for it wins. */
  const addItem = (outcome: string, item: OutcomeItem, sums: HourSums): boolean => {
    const conversation = conversations.idOf(item.conversationId);
    const cell = terms.idOf('cell', cellText(item));
    const scored = item.criteria.filter(({ result }) => result !== 'not_sampled');
    const failed = item.checks.filter(({ result }) => result === 'fail');
    const version = sql.versionOf.row(item.verdictId)?.[0] ?? null;
    const opens = sql.inConversation.row(conversation) === null;
    const { changes, id } = sql.item.run(
      item.interactionId,
      item.verdictId,
      conversation,
      item.userHash,
      item.turnIndex,
      item.occurredAt,
      outcome,
      cell,
      item.sampled ? 1 : 0,
      item.inclusionProbability * item.upstreamProbability,
      item.upstreamProbability,
      item.costUsd,
      version,
      least(scored.map(scoreOf)),
      greatest(scored.map(({ disagreement }) => disagreement)),
      failed.length,
      opens ? 1 : 0,
    );
    if (changes === 0) return false;
    for (const one of scored) addScore(id, item.occurredAt, cell, one, sums);
    for (const { check } of failed) {
      const name = terms.idOf('check', check);
      sql.failedCheck.run(id, name, item.occurredAt, cell);
      sums.failed(item.occurredAt, cell, name);
    }
    sums.interaction(item.occurredAt, cell, item, opens);
    // An attempt that lost may have been written before the line that says so.
    if (version !== null) dropLosers(item);
    return true;
  };

  const addScore = (id: number, at: number, cell: number, one: OutcomeCriterion, sums: HourSums): void => {
    const criterion = terms.idOf('criterion', one.criterion);
    sql.score.run(
      id,
      criterion,
      at,
      one.result,
      one.unjudgedReason,
      one.panel === null ? null : terms.idOf('panel', one.panel),
      one.cheapScore,
      one.ensembleScore,
      one.escalated ? 1 : 0,
      one.pass === null ? null : one.pass ? 1 : 0,
      one.estimatorValue,
      scoreOf(one),
      one.disagreement,
    );
    if (one.estimatorValue !== null) sums.value(at, cell, criterion, one.estimatorValue);
  };

  const dropLosers = ({ interactionId, verdictId }: OutcomeItem): void => {
    const losers = sql.losers.rows(interactionId, verdictId).map(([id]) => Number(id));
    if (losers.length > 0) dropDetails({ db, bodies, words }, losers);
  };

  const addVerdict = ({ value, json }: WithJson<Verdict>): boolean => {
    const version = terms.idOf('version', versionText(value));
    const winner = sql.winnerOf.row(value.interactionId)?.[0] ?? null;
    if (winner !== null && winner !== value.verdictId) return false;
    const { changes, id } = sql.detail.run(
      value.verdictId,
      value.interactionId,
      conversations.idOf(value.conversationId),
      value.occurredAt,
      version,
      bodies.seal(json),
    );
    if (changes === 0) return false;
    if (winner !== null) sql.setVersion.run(version, value.interactionId);
    words?.add(id, json);
    return true;
  };

  const addSession = ({ value, json }: WithJson<SessionOutcome>): void => {
    const segments = terms.idOf('segments', JSON.stringify(value.segments.map(segmentLabel)));
    sql.session.run(
      value.sessionId,
      value.conversationId,
      value.userHash,
      value.closedAt,
      segments,
      value.ending,
      value.turns,
      value.recovery.badTurns,
      value.recovery.within,
      value.satisfaction,
      bodies.seal(json),
    );
  };

  const addRecord = (record: KeyedRecord, position: bigint): void => {
    const { at, about, body } = keyedRow(record);
    sql.record.run(record.key, record.kind, at, position, about, JSON.stringify(body));
  };

  const writeAll = (batch: EvidenceBatch): WriteResult => {
    let items = 0;
    let verdicts = 0;
    let refused = 0;
    const sums = createHourSums();
    for (const one of batch.verdicts ?? []) {
      const { conversationId, interaction } = one.value;
      if (isErased(conversationId, interaction?.userHash ?? null)) refused += 1;
      else if (addVerdict(one)) verdicts += 1;
    }
    for (const { position, record } of batch.entries ?? []) {
      if (record.kind === 'outcome') {
        const { item, outcome } = record;
        if (item === null) continue;
        if (isErased(item.conversationId, item.userHash)) {
          refused += 1;
          // Its verdict may have come without the user's hash.
          dropLosers({ ...item, verdictId: '' });
        } else if (addItem(outcome, item, sums)) items += 1;
      } else if (record.kind !== 'behaviour' && record.kind !== 'marker' && record.kind !== 'config') {
        addRecord(record, position);
      }
    }
    for (const one of batch.sessions ?? []) {
      if (isErased(one.value.conversationId, one.value.userHash)) refused += 1;
      else addSession(one);
    }
    for (const { value, json } of batch.alerts ?? []) {
      const { id, series, owner, state, firedAt } = value;
      sql.alert.run(id, series.kind, segmentLabel(series.segment), series.criterion, owner, state, firedAt, json);
    }
    for (const incident of batch.incidents ?? []) {
      sql.incident.run(incident.id, incident.openedAt, JSON.stringify(incident));
    }
    writeHourSums(sums);
    for (const [feed, position] of Object.entries(batch.positions ?? {})) sql.feed.run(feed, position);
    return { items, verdicts, refused };
  };

  return {
    write(batch) {
      try {
        return db.transaction(() => writeAll(batch));
      } catch (error) {
        terms.forget();
        conversations.forget();
        throw error;
      }
    },
    forget: () => conversations.forget(),
  };
}

function prepareAll(db: Database) {
  const upsert = (table: string, names: string, key: string): string => {
    const columns = names.split(' ');
    const set = columns.filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
    return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${key}) DO UPDATE SET ${set.join(', ')}`;
  };
  return {
    tombstone: db.prepare('SELECT 1 FROM tombstone WHERE kind = ? AND hash = ?'),
    item: db.prepare(
      `INSERT INTO item (interaction, verdict, conversation, user, turn, at, outcome, cell, sampled, probability, upstream, cost, version, worst, disagreement, checks_failed, opens)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (interaction) DO NOTHING`,
    ),
    score: db.prepare('INSERT INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    failedCheck: db.prepare('INSERT OR IGNORE INTO failed_check (item, name, at, cell) VALUES (?, ?, ?, ?)'),
    inConversation: db.prepare('SELECT 1 FROM item WHERE conversation = ? LIMIT 1'),
    versionOf: db.prepare('SELECT version FROM detail WHERE verdict = ?'),
    winnerOf: db.prepare('SELECT verdict FROM item WHERE interaction = ?'),
    setVersion: db.prepare('UPDATE item SET version = ? WHERE interaction = ?'),
    losers: db.prepare('SELECT id FROM detail WHERE interaction = ? AND verdict <> ?'),
    detail: db.prepare(
      'INSERT INTO detail (verdict, interaction, conversation, at, version, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (verdict) DO NOTHING',
    ),
    session: db.prepare(
      upsert('session', 'id conversation user closed segments ending turns bad recovered satisfaction body', 'id'),
    ),
    alert: db.prepare(upsert('alert', 'id kind segment criterion owner state fired body', 'id')),
    incident: db.prepare(upsert('incident', 'id opened body', 'id')),
    record: db.prepare(
      `${upsert('record', 'key kind at position about body', 'key')} WHERE excluded.position >= record.position`,
    ),
    feed: db.prepare(upsert('feed', 'name position', 'name')),
  };
}

/** Numbers of conversations; the latest are remembered, since their turns come soon after each other. */
function createConversations(db: Database): { idOf(name: string): number; forget(): void } {
  const select = db.prepare('SELECT id FROM conversation WHERE name = ?');
  const insert = db.prepare('INSERT INTO conversation (name) VALUES (?)');
  const known = createRecentMap<string, number>(10_000);
  return {
    idOf(name) {
      let id = known.get(name);
      if (id === undefined) known.set(name, (id = Number(select.row(name)?.[0] ?? insert.run(name).id)));
      return id;
    },
    forget: () => known.clear(),
  };
}

/** Canonical, so that equal cells have equal texts. */
function cellText(item: OutcomeItem): string {
  const { segments, ...rest } = cellOf(item);
  const sorted = Object.keys(segments)
    .sort()
    .map((name) => [name, segments[name]]);
  return JSON.stringify({ segments: Object.fromEntries(sorted) as Record<string, string>, ...rest });
}

function versionText({ versions, criteria }: Verdict): string {
  const judges = new Map<string, string>();
  for (const { cheap, ensemble } of criteria) {
    for (const { judge, reportedVersion } of [...cheap, ...ensemble]) {
      if (reportedVersion !== null) judges.set(judge, reportedVersion);
    }
  }
  const version: JudgingVersion = {
    rubrics: versions.rubrics,
    prompt: versions.prompt,
    config: versions.config,
    judges: Object.fromEntries([...judges].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return JSON.stringify(version);
}

/** The score that is shown: the ensemble's where it was asked, else the cheap judge's. */
function scoreOf({ result, escalated, ensembleScore, cheapScore }: OutcomeCriterion): number | null {
  if (result !== 'scored') return null;
  return escalated ? (ensembleScore ?? cheapScore) : cheapScore;
}

function least(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((low, x) => (x !== null && (low === null || x < low) ? x : low), null);
}

function greatest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((high, x) => (x !== null && (high === null || x > high) ? x : high), null);
}

function keyedRow(record: KeyedRecord): { readonly at: number; readonly about: string | null; readonly body: unknown } {
  switch (record.kind) {
    case 'label':
      return { at: record.label.labelledAt, about: record.label.interactionId, body: record.label };
    case 'golden':
      return { at: record.recordedAt, about: null, body: record.golden };
    case 'annotation':
      return { at: record.annotation.at, about: null, body: record.annotation };
    case 'acknowledgement':
      return { at: record.acknowledgement.at, about: record.acknowledgement.alertId, body: record.acknowledgement };
  }
}
