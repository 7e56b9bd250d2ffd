import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spliced, splices } from '../../bench/endurance/fuzz/edits.js'
import { targets } from '../../bench/endurance/fuzz/guided/targets.js'

/** A word in the place of a token, counted from the first; beyond the last it begins anew. */
interface Replacement {
  readonly at: number
  readonly word: string
}

const replacements = (words: readonly string[]): fc.Arbitrary<readonly Replacement[]> =>
  fc.array(fc.record({ at: fc.nat({ max: 20_000 }), word: fc.constantFrom(...words) }), { minLength: 1, maxLength: 3 })

/** Bytes with tokens replaced one after the other: mostly still well-formed. */
function replaced(bytes: Buffer, changes: readonly Replacement[]): Buffer {
  const token = /\{\}|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\w+|\s|[^\w\s]/g
  const text = changes.reduce((own, { at, word }) => {
    const tokens = own.match(token) ?? []
    const place = at % Math.max(1, tokens.length)
    return tokens.map((one, k) => (k === place ? Buffer.from(word).toString('latin1') : one)).join('')
  }, bytes.toString('latin1'))
  return Buffer.from(text, 'latin1')
}

// With a coverage-guided fuzzer: npm run test:guided.
describe.each(targets)('what a fuzzer gives bytes to as $title', ({ name, open }) => {
  it('is right about inputs that nobody wrote, of more than one kind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-guided-'))
    try {
      const { seeds, words, outcome } = open(folder)
      const outcomes = new Set<string>()
      for (const seed of seeds) outcomes.add(await outcome(seed))
      const seed = fc.constantFrom(...seeds)
      const bytes = fc.oneof(
        { weight: 4, arbitrary: fc.tuple(seed, replacements(words)).map(([own, changes]) => replaced(own, changes)) },
        { weight: 1, arbitrary: fc.tuple(seed, splices).map(([own, changes]) => spliced(own, changes)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((own) => Buffer.from(own)) },
      )
      const property = fc.asyncProperty(bytes, async (own) => void outcomes.add(await outcome(own)))
      await fc.assert(property, { seed: 1, numRuns: name === 'journal' ? 300 : 2_000 })
      expect([...outcomes].length).toBeGreaterThan(1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
