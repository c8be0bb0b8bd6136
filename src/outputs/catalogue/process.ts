import type { Catalogue } from './definition';

/** From a poll interval to the day-long backlog after an outage. */
const DELAY_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400];

/** How records flow through a process, and what it keeps out. */
export const FLOW_METRICS = {
  dead_letters_total: {
    type: 'counter',
    help: 'Records that could not be used, by reason.',
    labels: ['reason'],
    unit: 'records',
    origin: 'process',
  },
  dead_letters_replayed_total: {
    type: 'counter',
    help: 'Dead letters that were read again and are none any more, by what became of them. Not part of records_total.',
    labels: ['outcome'],
    unit: 'records',
    origin: 'fold',
  },
  consumer_lag: {
    type: 'gauge',
    help: 'Records of a partition that are not yet done: end of the log minus committed position.',
    labels: ['topic', 'partition'],
    unit: 'records',
    origin: 'process',
  },
  inflight_bytes: {
    type: 'gauge',
    help: 'Bytes of records read and not yet done.',
    labels: [],
    unit: 'bytes',
    origin: 'process',
  },
  inflight_records: {
    type: 'gauge',
    help: 'Records read and not yet done.',
    labels: [],
    unit: 'records',
    origin: 'process',
  },
  processing_delay_seconds: {
    type: 'histogram',
    help: 'Time from a record entering the source to its line in the ledger.',
    labels: [],
    unit: 'seconds',
    buckets: DELAY_SECONDS,
    origin: 'process',
  },
  last_progress_timestamp_seconds: {
    type: 'gauge',
    help: 'When a record was last done, in seconds since 1970; 0 = not yet.',
    labels: [],
    unit: 'seconds',
    origin: 'process',
  },
  conversations_unknown_total: {
    type: 'counter',
    help: 'Interactions whose producer sent no conversation id; each counts as a conversation of one turn.',
    labels: [],
    unit: 'items',
    origin: 'process',
  },
  redactions_total: {
    type: 'counter',
    help: 'Pieces of personal data and secrets taken out of the text, by kind.',
    labels: ['kind'],
    unit: 'items',
    origin: 'process',
  },
  label_overflow_total: {
    type: 'counter',
    help: 'Observations whose label value was beyond the cap and was counted under __other__ or left out.',
    labels: ['label'],
    unit: 'none',
    origin: 'process',
  },
  scrape_render_seconds: {
    type: 'gauge',
    help: 'Time the previous rendering of this page took.',
    labels: [],
    unit: 'seconds',
    origin: 'process',
  },
} as const satisfies Catalogue;

/** The evidence store of a console. */
export const STORE_METRICS = {
  evidence_store_stalled: {
    type: 'gauge',
    help: '1 while the evidence store takes nothing, its disk being full for instance; 0 while it does. Scoring goes on either way.',
    labels: [],
    unit: 'none',
    origin: 'process',
  },
} as const satisfies Catalogue;

/** Which configuration and which version run. */
export const BUILD_METRICS = {
  config_info: {
    type: 'gauge',
    help: 'Always 1; the label names the configuration in force.',
    labels: ['hash'],
    unit: 'none',
    origin: 'process',
  },
  config_reload_total: {
    type: 'counter',
    help: 'Configurations that were read again while running, by result: ok, unchanged, invalid, needs_restart (a key that only a start can change) or too_many_resets. All but ok leave the old one in force.',
    labels: ['result'],
    unit: 'none',
    origin: 'process',
  },
  build_info: {
    type: 'gauge',
    help: 'Always 1; the label names the version that runs.',
    labels: ['version'],
    unit: 'none',
    origin: 'process',
  },
} as const satisfies Catalogue;
