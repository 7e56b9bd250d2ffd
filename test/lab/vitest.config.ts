import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: 'test/leaves-nothing/global-setup.ts',
    teardownTimeout: 300_000,
    include: ['test/lab/*.test.ts'],
    // JupyterLab may have to be installed first.
    hookTimeout: 900_000,
    testTimeout: 300_000,
  },
})
