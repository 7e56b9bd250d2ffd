import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { minBlocks } from '../../src/claims/family.js'
import {
  checkClaims,
  claimsNamed,
  claimsWords,
  judgeClaims,
  questionOf,
  readClaims,
  sentencesOf,
  simulateStudy,
} from '../../src/entries/analysis.js'

const levels = { workers: [1, 2, 4], batchSizes: [10_000, 30_000] }
const none = claimsNamed('none')

describe('questionOf', () => {
  it('takes the first claim that compares two worker counts where no id is given', () => {
    expect(questionOf(readClaims(), null, levels)).toEqual(questionOf(readClaims(), 'C1', levels))
    const own = checkClaims({
      claims: [
        {
          id: 'H1',
          claim: 'larger batches',
          test: {
            kind: 'contrasts',
            contrasts: [
              { a: { batchSize: 30_000 }, b: { batchSize: 10_000 }, metric: 'totalMs', claim: { fasterBy: [0, null] } },
            ],
          },
        },
        {
          id: 'H2',
          claim: 'fewer workers',
          test: {
            kind: 'contrasts',
            contrasts: [{ a: { workers: 1 }, b: { workers: 4 }, metric: 'insertMs', claim: { lessBy: [0.1, null] } }],
          },
        },
      ],
    })
    expect(questionOf(own, null, levels)).toMatchObject({
      id: 'H2',
      metric: 'insertMs',
      claim: { lessBy: [0.1, null] },
      a: { workers: 1, batchSize: 10_000 },
      b: { workers: 4, batchSize: 10_000 },
    })
  })

  it('asks whether the fewest workers are slower than the most where there is no claim', () => {
    const question = questionOf(none, null, { ...levels, workers: [4, 8, 2] })
    expect(question).toMatchObject({
      id: null,
      stated: null,
      metric: 'totalMs',
      claim: { slowerBy: [0, null] },
      a: { workers: 2, batchSize: 10_000 },
      b: { workers: 8, batchSize: 10_000 },
    })
    expect(sentencesOf(question).at(-1)).toBe('What is asked is whether the first is slower: 2 workers vs 8 at 10K')
    expect(() => questionOf(none, null, { ...levels, workers: [2] })).toThrow('two counts to compare')
    expect(() => questionOf(none, 'C1', levels)).toThrow(RangeError)
  })
})

describe('claimsNamed', () => {
  it('reads the claims of a path, seen from the project, and none', () => {
    expect(claimsNamed('data/claims.json')).toEqual(readClaims())
    expect(none.claims).toEqual([])
    expect(claimsWords(none)).toEqual([])
    const folder = mkdtempSync(join(tmpdir(), 'copylab claims '))
    try {
      const { title: _, note: _note, ...own } = readClaims()
      const { digest: _digest, source: _source, ...stated } = own
      writeFileSync(join(folder, 'own.json'), JSON.stringify(stated))
      const claims = claimsNamed(join(folder, 'own.json'))
      expect(claims.claims).toEqual(readClaims().claims)
      expect(claimsWords(claims).map(({ text }) => text)).toEqual([
        `What is put to the test: claims about such loads; the first of them: ${claims.claims[0]!.claim}`,
      ])
      expect(() => claimsNamed(join(folder, 'gone.json'))).toThrow('Expected a file of claims')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has no claims to judge, and needs the blocks of a single interval', () => {
    const study = simulateStudy({
      workers: [1, 2],
      blocks: 6,
      noise: 0.05,
      truth: ({ workers }) => ({ totalMs: 900 / workers }),
    })
    expect(judgeClaims(none, study)).toEqual([])
    expect(minBlocks(none)).toBe(6)
  })
})
