/** Unit tests stand beside the code; tests on real servers, stories and repository checks stand in test/. */
export default {
  testEnvironment: '<rootDir>/test/support/leak-checking-environment.cjs',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.spec.{ts,tsx}'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          experimental: { keepImportAttributes: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            react: { runtime: 'automatic', importSource: 'preact' },
          },
        },
        module: { type: 'es6' },
      },
    ],
  },
  maxWorkers: 2,
  // Above the limit of `eventually`, so that what was waited for is named, not the test's time.
  testTimeout: 60_000,
  // What stays open fails its file (see the environment); it must not also keep jest from ending.
  forceExit: true,
};
