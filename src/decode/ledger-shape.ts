import type { Acknowledgement } from '../domain/acknowledgement';
import type { DeadLetterReason, RecordOutcome } from '../domain/accounting';
import type { Annotation } from '../domain/annotation';
import type { Behaviour } from '../domain/behaviour';
import type { SourceCoordinates } from '../domain/coordinates';
import type { GoldenAnswer } from '../domain/golden';
import type { Label } from '../domain/label';
import type { LedgerRecord, MarkerPosition, OutcomeItem } from '../domain/ledger-record';
import { err, ok, type Result } from '../domain/result';
import type { EpochMs } from '../domain/time';
import type { ShapeFault } from './shape-fault';

/**
 * A ledger record as its schema has it: one body per kind, the others null. The program's union has the body's fields
 * beside `kind` instead.
 */
export interface LedgerShape {
  readonly kind: LedgerRecord['kind'] | 'unknown';
  readonly recordedAt: EpochMs;
  readonly source: SourceCoordinates | null;
  readonly replay: boolean;
  readonly outcome: {
    readonly outcome: RecordOutcome;
    readonly deadLetterReason: DeadLetterReason | null;
    readonly item: OutcomeItem | null;
  } | null;
  readonly behaviour: Behaviour | null;
  readonly marker: { readonly positions: readonly MarkerPosition[]; readonly final: boolean } | null;
  readonly config: {
    readonly key: string;
    readonly instance: string;
    readonly configHash: string;
    readonly body: string;
  } | null;
  /** Of what people and golden runs write. */
  readonly key: string | null;
  readonly label: Label | null;
  readonly golden: GoldenAnswer | null;
  readonly annotation: Annotation | null;
  readonly acknowledgement: Acknowledgement | null;
}

export function toLedgerShape(record: LedgerRecord): LedgerShape {
  const { kind, recordedAt } = record;
  switch (record.kind) {
    case 'outcome': {
      const { outcome, deadLetterReason, item } = record;
      const body = { outcome, deadLetterReason, item };
      return { ...NO_BODY, kind, recordedAt, source: record.source, replay: record.isReplay === true, outcome: body };
    }
    case 'behaviour': {
      const { source, behaviour } = record;
      return { ...NO_BODY, kind, recordedAt, source, replay: record.isReplay === true, behaviour };
    }
    case 'marker':
      return { ...NO_BODY, kind, recordedAt, marker: { positions: record.positions, final: record.final } };
    case 'config': {
      const { key, instance, configHash, body } = record;
      return { ...NO_BODY, kind, recordedAt, config: { key, instance, configHash, body } };
    }
    case 'label':
      return { ...NO_BODY, kind, recordedAt, key: record.key, label: record.label };
    case 'golden':
      return { ...NO_BODY, kind, recordedAt, key: record.key, golden: record.golden };
    case 'annotation':
      return { ...NO_BODY, kind, recordedAt, key: record.key, annotation: record.annotation };
    case 'acknowledgement':
      return { ...NO_BODY, kind, recordedAt, key: record.key, acknowledgement: record.acknowledgement };
  }
}

/** Faults when the body that `kind` names is not there, and for kinds this version does not know. */
export function fromLedgerShape(shape: LedgerShape): Result<LedgerRecord, ShapeFault> {
  const { kind, recordedAt, source, key } = shape;
  switch (kind) {
    case 'outcome': {
      if (source === null) return missing('source');
      if (shape.outcome === null) return missing('outcome');
      const { outcome, deadLetterReason, item } = shape.outcome;
      return ok({ kind, source, recordedAt, outcome, deadLetterReason, ...replayOf(shape), item });
    }
    case 'behaviour':
      if (source === null) return missing('source');
      if (shape.behaviour === null) return missing('behaviour');
      return ok({ kind, source, recordedAt, ...replayOf(shape), behaviour: shape.behaviour });
    case 'marker':
      if (shape.marker === null) return missing('marker');
      return ok({ kind, recordedAt, positions: shape.marker.positions, final: shape.marker.final });
    case 'config': {
      if (shape.config === null) return missing('config');
      const { instance, configHash, body } = shape.config;
      return ok({ kind, key: shape.config.key, recordedAt, instance, configHash, body });
    }
    case 'label':
      if (key === null || shape.label === null) return missing(key === null ? 'key' : 'label');
      return ok({ kind, key, recordedAt, label: shape.label });
    case 'golden':
      if (key === null || shape.golden === null) return missing(key === null ? 'key' : 'golden');
      return ok({ kind, key, recordedAt, golden: shape.golden });
    case 'annotation':
      if (key === null || shape.annotation === null) return missing(key === null ? 'key' : 'annotation');
      return ok({ kind, key, recordedAt, annotation: shape.annotation });
    case 'acknowledgement':
      if (key === null || shape.acknowledgement === null) return missing(key === null ? 'key' : 'acknowledgement');
      return ok({ kind, key, recordedAt, acknowledgement: shape.acknowledgement });
    case 'unknown':
      return err({ path: 'kind', wanted: 'a known kind', seen: 'another one', reason: 'value' });
  }
}

const NO_BODY = {
  source: null,
  replay: false,
  outcome: null,
  behaviour: null,
  marker: null,
  config: null,
  key: null,
  label: null,
  golden: null,
  annotation: null,
  acknowledgement: null,
};

const REPLAY: { readonly isReplay: true } = { isReplay: true };
const NO_REPLAY: { readonly isReplay?: true } = {};

function replayOf({ replay }: LedgerShape): { readonly isReplay?: true } {
  return replay ? REPLAY : NO_REPLAY;
}

function missing(path: string): Result<never, ShapeFault> {
  return err({ path, wanted: 'record', seen: 'null', reason: 'missing' });
}
