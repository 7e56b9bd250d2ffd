import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/lab/*.test.ts'],
    // JupyterLab may have to be installed first.
    hookTimeout: 900_000,
    testTimeout: 300_000,
  },
})
