import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spliced, splices } from '../../bench/endurance/fuzz/edits.js'
import { targets } from '../../bench/endurance/fuzz/guided/targets.js'

// With a coverage-guided fuzzer: npm run test:guided.
describe.each(targets)('what a fuzzer gives bytes to as $title', ({ open }) => {
  it('is right about inputs that nobody wrote, of more than one kind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-guided-'))
    try {
      const { seeds, outcome } = open(folder)
      const outcomes = new Set<string>()
      for (const seed of seeds) outcomes.add(await outcome(seed))
      const changed = fc.tuple(fc.constantFrom(...seeds), splices).map(([seed, changes]) => spliced(seed, changes))
      const bytes = fc.oneof(
        changed,
        fc.uint8Array({ maxLength: 300 }).map((own) => Buffer.from(own)),
      )
      const property = fc.asyncProperty(bytes, async (own) => void outcomes.add(await outcome(own)))
      await fc.assert(property, { seed: 1, numRuns: 300 })
      expect([...outcomes].length).toBeGreaterThan(1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
