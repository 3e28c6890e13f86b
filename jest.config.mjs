const { env } = process;

/**
 * Three workers keep two cores busy, since suites wait for processes that they start and for clocks. Servers that are not
 * ours are shared, but one suite at a time has them: as many workers as there are sets of them (POSTGRES_URL,
 * POSTGRES_URL_2, POSTGRES_URL_3, and the like).
 */
const given = ['POSTGRES_URL', 'MONGODB_URL', 'REDIS_URL'].filter((name) => env[name]);
const maxWorkers = [3, 2].find((workers) => given.every((name) => env[`${name}_${workers}`])) ?? 1;

/** swc turns the TypeScript sources into CommonJS for jest, so that no experimental flag is needed. */
export default {
  testEnvironment: './tests/environment.ts',
  testEnvironmentOptions: { customExportConditions: ['souk-src', 'node', 'node-addons'] },
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  /** These are published as ES modules alone. */
  transformIgnorePatterns: ['/node_modules/(?!(jose|@seriousme/openapi-schema-validator)/)'],
  testTimeout: 30_000,
  // Each worker has servers of its own (tests/servers-up.mjs). A worker is replaced when it has grown, since V8 slows down
  // with every script that a process has ever loaded.
  maxWorkers,
  workerIdleMemoryLimit: '2GB',
  globalSetup: './tests/servers-up.mjs',
  globalTeardown: './tests/servers-down.mjs',
  setupFiles: ['<rootDir>/tests/servers-of-worker.ts'],
  transform: {
    '^.+\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Counted by the code itself: with V8's own counters the suites take several times as long.
  coverageProvider: 'babel',
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
