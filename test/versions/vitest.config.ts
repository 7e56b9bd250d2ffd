import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: 'test/leaves-nothing/global-setup.ts',
    teardownTimeout: 300_000,
    include: ['test/versions/every-version.ts'],
    hookTimeout: 120_000,
  },
})
