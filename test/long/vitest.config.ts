import { defineConfig } from 'vitest/config'

// What takes minutes: `npm run test:long` runs it, and keeps its counts in test/long/results.
export default defineConfig({
  test: { include: ['test/long/*.ts'], exclude: ['test/long/vitest.config.ts'], testTimeout: 3_600_000 },
})
