import { defineConfig } from 'vitest/config'

/** A run of tests that leaves something, for `global-setup.test.ts`. */
export default defineConfig({
  test: {
    include: ['test/leaves-nothing/leaving.ts'],
    globalSetup: 'test/leaves-nothing/global-setup.ts',
    teardownTimeout: 300_000,
  },
})
