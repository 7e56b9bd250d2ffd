import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/versions/every-version.ts'],
    hookTimeout: 120_000,
  },
})
