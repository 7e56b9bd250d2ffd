import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/lab/chapter-in-lab.ts'],
    // JupyterLab may have to be installed first.
    hookTimeout: 900_000,
    testTimeout: 300_000,
  },
})
