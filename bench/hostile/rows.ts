/**
 * The threats of the security checklist, and what shows that each is met: tests by file and a part of their names, or
 * the reason why there is none. A row with neither is open.
 */
export interface HostileRow {
  readonly threat: string;
  readonly tests: readonly { readonly file: string; readonly names: RegExp }[];
  /** Why no test of this lane shows it, or what is left out. Null where the tests are the whole answer. */
  readonly reason: string | null;
  /** What the row asks for and nothing shows yet. */
  readonly open?: string;
}

const ALL = /./;

export const HOSTILE_ROWS: readonly HostileRow[] = [
  {
    threat: 'personal data to providers',
    tests: [
      { file: 'test/hostile/personal-data.test.ts', names: ALL },
      { file: 'test/hostile/allowed-fields.test.ts', names: ALL },
    ],
    reason: null,
  },
  {
    threat: 'secrets in any output',
    tests: [
      { file: 'test/unit/config/secrets.test.ts', names: ALL },
      { file: 'test/unit/outputs/log.test.ts', names: /hides/ },
    ],
    reason: null,
  },
  {
    threat: 'SSRF',
    tests: [
      { file: 'test/unit/platform/address-guard.test.ts', names: ALL },
      { file: 'test/contract/judge-openai.test.ts', names: /redirect|configured host alone/ },
      { file: 'test/unit/decode/registry.test.ts', names: /redirect|metadata|taken over/ },
    ],
    reason: 'Addresses come from the configuration alone, never from a record.',
  },
  {
    threat: 'ReDoS',
    tests: [
      { file: 'test/property/checks/linear-patterns.test.ts', names: ALL },
      { file: 'test/unit/checks/hostile.test.ts', names: ALL },
      { file: 'test/unit/privacy/hostile.test.ts', names: ALL },
    ],
    reason: null,
  },
  { threat: 'Avro bombs', tests: [{ file: 'test/hostile/bombs.test.ts', names: /Avro bombs/ }], reason: null },
  { threat: 'JSON bombs', tests: [{ file: 'test/hostile/bombs.test.ts', names: /JSON bombs/ }], reason: null },
  {
    threat: 'prototype pollution',
    tests: [
      { file: 'test/hostile/bombs.test.ts', names: /prototype pollution/ },
      { file: 'test/property/config/mutated-config.test.ts', names: ALL },
    ],
    reason: null,
  },
  {
    threat: 'metric labels',
    tests: [{ file: 'test/property/outputs/hostile-labels.test.ts', names: ALL }],
    reason: null,
  },
  {
    threat: 'scripts in the on-call page',
    tests: [{ file: 'test/unit/console/api.test.ts', names: /foreign text runs nothing|never as a page/ }],
    reason: 'A browser is not part of this lane; the policy under which nothing foreign runs is.',
  },
  {
    threat: 'formulas and mentions in exports',
    tests: [
      { file: 'test/unit/outputs/log.test.ts', names: /second line/ },
      { file: 'test/unit/reviews/reviews.test.ts', names: /never begins a formula/ },
    ],
    reason: 'Nothing posts to a chat; logs are JSON, one object a line.',
  },
  {
    threat: 'authentication and authorisation',
    tests: [
      { file: 'test/unit/console/api.test.ts', names: /on every route|another site/ },
      { file: 'test/unit/console/api-scope.test.ts', names: ALL },
    ],
    reason: null,
  },
  {
    threat: 'isolation of tenants',
    tests: [{ file: 'test/unit/console/api-scope.test.ts', names: /other segments/ }],
    reason:
      'An instance serves one tenant, with topics, group and ledger of its own; none of them is read from a record.',
  },
  {
    threat: 'erasure and retention',
    tests: [{ file: 'test/unit/store/sqlite.test.ts', names: /no plaintext|readable without the key|too old/ }],
    reason: null,
  },
  {
    threat: 'slow senders at the HTTP server',
    tests: [{ file: 'test/unit/outputs/telemetry-server.test.ts', names: /500 sockets|no HTTP|no request body/ }],
    reason: null,
  },
  {
    threat: 'supply chain',
    tests: [{ file: 'test/hostile/supply-chain.test.ts', names: ALL }],
    reason: 'Known vulnerabilities are asked for by `.ci/run` where the registry answers that question.',
  },
  {
    threat: 'container policy',
    tests: [{ file: 'test/e2e/dockerfile.test.ts', names: /as nobody|ignore file/ }],
    reason: 'The chart is rendered and held against policy in test/helm, which needs helm.',
  },
  {
    threat: 'rights in Kafka',
    tests: [{ file: 'test/unit/source/kafka-client-errors.test.ts', names: ALL }],
    reason: 'A broker that denies is met in test/integration, which needs a broker; denial ends as KAFKA_DENIED.',
  },
];
