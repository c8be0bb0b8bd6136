const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
  ],
};
const common = { rootDir: __dirname, transform, testEnvironment: 'node', moduleFileExtensions: ['ts', 'js', 'json'] };

/** Two lanes: `core` needs Node alone; `broker` talks to a real Kafka and shares one broker for the whole run. */
module.exports = {
  // Machines that build are slow and shared; a test that hangs fails all the same.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'core',
      testMatch: [
        '<rootDir>/test/{unit,property,contract,regression,vectors,schemas,docs,e2e,dashboards,helm,hostile}/**/*.test.ts',
      ],
    },
    {
      ...common,
      displayName: 'broker',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/kafka/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/kafka/global-teardown.ts',
    },
  ],
};
