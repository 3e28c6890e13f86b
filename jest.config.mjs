/** swc turns the TypeScript sources into CommonJS for jest, so that no experimental flag is needed. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['souk-src', 'node', 'node-addons'] },
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  /** These are published as ES modules alone. */
  transformIgnorePatterns: ['/node_modules/(?!(jose|@seriousme/openapi-schema-validator)/)'],
  testTimeout: 30_000,
  // One at a time: suites share the servers, and some empty them. In a worker that is replaced when it has grown, since
  // coverage slows down with every script that a process has ever loaded.
  maxWorkers: 1,
  workerIdleMemoryLimit: '1GB',
  globalSetup: './tests/servers-up.mjs',
  globalTeardown: './tests/servers-down.mjs',
  transform: {
    '^.+\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  collectCoverageFrom: [
    'packages/*/**/*.ts',
    'router/**/*.ts',
    'subgraphs/*/**/*.ts',
    '!**/*.test.ts',
    '!**/tests/**',
    '!**/dist/**',
    '!**/generated/**',
  ],
  coverageThreshold: {
    './packages/': { lines: 85 },
    './router/': { lines: 85 },
    './subgraphs/': { lines: 85 },
  },
};
