/** The rooms of src/ and what each may import; docs/ARCHITECTURE.md shows the same table in words. */
const ROOMS = {
  domain: [],
  platform: ['domain'],
  source: ['domain', 'platform'],
  decode: ['domain', 'policy/policy', 'platform/address-guard'],
  privacy: ['domain'],
  checks: ['domain', 'signals'],
  signals: ['domain'],
  policy: ['domain'],
  judge: ['domain', 'stats', 'policy', 'platform/address-guard'],
  stats: ['domain'],
  detectors: ['domain', 'stats'],
  calibration: ['domain', 'stats'],
  golden: ['domain', 'stats', 'judge'],
  reviews: ['domain', 'stats'],
  sessions: ['domain', 'stats', 'signals/sketch'],
  compare: ['domain', 'sessions', 'stats'],
  ledger: ['domain', 'platform', 'source/kafka-client', 'source/options'],
  pipeline: ['domain', 'platform', 'source', 'decode', 'privacy', 'checks', 'signals', 'judge', 'policy', 'ledger'],
  watch: ['domain', 'ledger', 'policy', 'sessions', 'stats', 'detectors'],
  outputs: [
    'domain',
    'policy/policy',
    'platform',
    'pipeline/ports',
    'judge/cascade-port',
    'judge/port',
    'source/kafka-client',
    'source/options',
  ],
  config: ['domain'],
  simulate: ['domain', 'judge', 'source/port'],
  store: ['domain'],
  investigate: ['domain', 'stats', 'store/port', 'store/traffic-cell'],
  console: [
    'domain',
    'platform',
    'reviews',
    'compare',
    'store/port',
    'store/traffic-cell',
    'investigate',
    'stats/agreement',
  ],
  emit: ['domain', 'judge/draw'],
  compose: ['*'],
  cli: ['policy/plan', 'compare/arm', 'compare/to-json', 'compose', 'config', 'domain', 'platform'],
};

/** Files that may touch a package that does I/O. */
const SHELLS = {
  kafkajs: 'src/(source/kafka|ledger/kafka|outputs/kafka-)',
  '(kafkajs-snappy|lz4js|fzstd)': 'src/source/kafka-',
  avsc: 'src/decode/avro',
  undici: 'src/(decode/registry|judge/client/)',
  'prom-client': 'src/outputs/(page|process-gauges)',
  pino: 'src/outputs/log',
  '@photostructure/sqlite': 'src/store/sqlite-database',
  '@opentelemetry': 'src/outputs/otel',
};

const escape = (path) => path.replaceAll('/', '\\/');

const roomRules = Object.entries(ROOMS)
  .filter(([, allowed]) => !allowed.includes('*'))
  .map(([room, allowed]) => {
    const own = [`^src/${room}/`];
    const others = allowed.map((entry) => (entry.includes('/') ? `^src/${escape(entry)}` : `^src/${entry}/`));
    const options = room === 'config' ? ['^src/[a-z]+/options'] : [];
    return {
      name: `room-${room}`,
      comment: `${room} may import: ${[...allowed, ...(room === 'config' ? ['*/options'] : [])].join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [...own, ...others, ...options] },
    };
  });

const shellRules = Object.entries(SHELLS).map(([pkg, files]) => ({
  name: `shell-${pkg.replaceAll(/[^a-z]/g, '')}`,
  comment: `Only ${files} touches ${pkg}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^${files}` },
  to: { path: `node_modules/${pkg}/`, dependencyTypesNot: ['npm-dev'] },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...roomRules,
    ...shellRules,
    {
      name: 'pipeline-sees-ports-not-shells',
      severity: 'error',
      from: { path: '^src/pipeline/' },
      to: { path: '^src/(source/(kafka|files)|ledger/(kafka|files)|judge/client|decode/(avro|registry))' },
    },
    {
      name: 'only-main-and-cli-import-compose',
      severity: 'error',
      from: { pathNot: '^(src/(main|cli|compose)|test|bench)' },
      to: { path: '^src/compose/', pathNot: '^src/compose/options' },
    },
    { name: 'nothing-imports-main', severity: 'error', from: {}, to: { path: '^src/main' } },
    {
      name: 'src-never-imports-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'src-never-imports-dev-dependencies',
      comment: 'The page is bundled at build time, so what it uses is not installed with the program.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/console/web/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'pure-rooms-use-no-node-built-ins',
      severity: 'error',
      from: {
        path: '^src/(domain|privacy|checks|signals|stats|detectors|calibration|compare|policy|sessions|golden|reviews|watch)/',
      },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util|assert)$' },
    },
    {
      name: 'dashboards-import-the-catalogue-only',
      severity: 'error',
      from: { path: '^dashboards/' },
      to: { path: '^src/', pathNot: '^src/outputs/(metric-catalogue|catalogue/definition)' },
    },
    {
      name: 'the-page-talks-only-to-the-api',
      severity: 'error',
      from: { path: '^src/console/web/' },
      to: { pathNot: '^(src/console/web/|node_modules/preact/|src/console/answers)' },
    },
    {
      name: 'the-page-is-imported-by-nothing',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/console/web/' },
      to: { path: '^src/console/web/' },
    },
    {
      name: 'no-orphans',
      comment: 'Declarations of packages without types (.d.ts) are read by the compiler and imported by nobody.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['^src/main', '\\.d\\.ts$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
