import type { Decoder } from '../decode/port';
import type { JudgeClient } from '../judge/port';
import type { CheckpointStore } from '../ledger/checkpoint-port';
import type { LedgerWriter } from '../ledger/port';
import type { AlertSink } from '../outputs/kafka-sinks';
import type { Failpoint } from '../platform/failpoint';
import type { Policy } from '../policy/policy';
import type { Source } from '../source/port';
import type { Telemetry } from './telemetry';

/**
 * Ports that tell the failpoint where the process is, without the pipeline knowing of it. Each returns what it was given
 * where no failpoint is set.
 */
export function armSource(source: Source, failpoint: Failpoint): Source {
  if (!failpoint.isArmed) return source;
  return {
    ...source,
    start: (handlers) =>
      source.start({
        ...handlers,
        onRecords(records) {
          handlers.onRecords(records);
          failpoint.hit('fetched');
        },
      }),
    commit(positions, epoch) {
      const sent = source.commit(positions, epoch);
      // The request is on its way, its answer is not here.
      setImmediate(() => failpoint.hit('commit_sent'));
      return sent;
    },
  };
}

export function armDecoder(decoder: Decoder, failpoint: Failpoint): Decoder {
  if (!failpoint.isArmed) return decoder;
  return {
    decode(record) {
      const decoded = decoder.decode(record);
      failpoint.hit('decoded');
      return decoded;
    },
  };
}

/** The policy is asked for right behind redaction and checks. */
export function armPolicy(policy: () => Policy, failpoint: Failpoint): () => Policy {
  if (!failpoint.isArmed) return policy;
  return () => {
    failpoint.hit('prechecked');
    return policy();
  };
}

/** Every judge's client passes through tracing, so it is reached there. */
export function armJudges(tracing: Telemetry, failpoint: Failpoint): Telemetry {
  if (!failpoint.isArmed) return tracing;
  return {
    ...tracing,
    observeJudgeClient: (client, identity) => tracing.observeJudgeClient(armJudge(client, failpoint), identity),
  };
}

/** Long enough for a request to leave: the provider works on it and will charge for it. */
const SENT_MS = 20;

function armJudge(client: JudgeClient, failpoint: Failpoint): JudgeClient {
  return {
    ...client,
    async complete(request, signal) {
      const answering = client.complete(request, signal);
      setTimeout(() => failpoint.hit('judge_sent'), SENT_MS);
      const answer = await answering;
      failpoint.hit('judge_answered');
      return answer;
    },
  };
}

export function armLedger(ledger: LedgerWriter, failpoint: Failpoint): LedgerWriter {
  if (!failpoint.isArmed) return ledger;
  return {
    ...ledger,
    async append(records) {
      const isMarker = records[0]?.kind === 'marker';
      const appending = ledger.append(records);
      if (!isMarker) setImmediate(() => failpoint.hit('produced_unacked'));
      await appending;
      failpoint.hit(isMarker ? 'marker_sent' : 'acked');
    },
  };
}

export function armCheckpoints(store: CheckpointStore, failpoint: Failpoint): CheckpointStore {
  if (!failpoint.isArmed) return store;
  return {
    ...store,
    async write(records) {
      // A checkpoint that is one record has no part: then it dies with the record sent and not acknowledged.
      const [first, ...rest] = records;
      const part = store.write(first === undefined || rest.length === 0 ? records : [first]);
      setImmediate(() => failpoint.hit('snapshot_part'));
      await part;
      if (rest.length > 0) await store.write(rest);
      failpoint.hit('snapshot_acked');
    },
  };
}

export function armAlerts(sink: AlertSink, failpoint: Failpoint): AlertSink {
  if (!failpoint.isArmed) return sink;
  return {
    ...sink,
    async publish(alerts) {
      await sink.publish(alerts);
      failpoint.hit('alert_sent');
    },
  };
}
