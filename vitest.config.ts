import { defineConfig } from 'vitest/config'

/**
 * What asks where time goes gets the machine for itself, after all other tests; and what packs the
 * checkout, which changes packages for as long as that takes, is not run while a kernel reads them.
 */
const alone = [
  'test/analysis/explain/known-contention.test.ts',
  'test/executor/probes/observe.test.ts',
  'test/package/install.test.ts',
]

// Tests below test/lab need Python: `npm run test:lab`.
export default defineConfig({
  test: {
    // Nets for what never happens: what does happen may take long on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    globalSetup: 'test/leaves-nothing/global-setup.ts',
    teardownTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/lab/**', ...alone],
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
