/** swc turns the TypeScript sources into CommonJS for jest, so that no experimental flag is needed. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['souk-src', 'node', 'node-addons'] },
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  testTimeout: 30_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageThreshold: { './packages/embedded/': { lines: 85 } },
  collectCoverageFrom: ['packages/*/**/*.ts', '!**/*.test.ts', '!**/tests/**', '!**/dist/**'],
};
