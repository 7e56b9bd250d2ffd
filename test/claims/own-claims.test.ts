import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { sequentialLevels } from '../../src/analysis/statistics/group-sequential.js'
import { numericTokens } from '../../src/analysis/text/numeric-tokens.js'
import { claimVerdictWords, statedClaimWords } from '../../src/claims/words/claim-words.js'
import {
  type ClaimVerdict,
  checkClaims,
  claimVerdictRows,
  judgeClaims,
  plotClaims,
  statedClaimRows,
} from '../../src/entries/analysis.js'
import { preregistrationOf } from '../../src/study/preregistration.js'
import type { Study } from '../../src/study/study.js'
import { ownClaims } from './own-claims.js'

const claims = checkClaims(ownClaims)

/**
 * Binary encodes faster and gains more from workers; text is held up by the client, and still
 * slower with payloads made beforehand.
 */
const study = simulateStudy({
  workers: [1, 2, 4],
  batchSizes: [1000],
  blocks: 10,
  noise: 0.01,
  seed: 2,
  vary: (one) =>
    (['text', 'binary'] as const).flatMap((encoding) =>
      (['pipeline', 'prepared'] as const).map((source) => ({ ...one, dispatch: 'queue' as const, encoding, source })),
    ),
  truth: ({ workers, encoding, source }) => {
    const isBinary = encoding === 'binary'
    const work = (isBinary ? 700 : 1000) * (source === 'prepared' ? 0.8 : 1)
    return {
      totalMs: work * (isBinary ? 1 / workers + 0.08 * workers : 1 / workers ** 0.3),
      encodeMs: source === 'prepared' ? 10 : isBinary ? 100 : 500,
    }
  },
})
const found = judgeClaims(claims, study, { primary: 'H1' })
const verdictOf = (id: string): ClaimVerdict => found.find((one) => one.id === id)!
const sentence = (id: string): string => claimVerdictWords(verdictOf(id)).text

describe("claims of one's own", () => {
  it('statedClaimRows says what each test compares and expects', () => {
    expect(
      statedClaimRows(claims).map(({ id, compared, expected }) => [id, compared, expected]),
    ).toMatchInlineSnapshot(`
      [
        [
          "H1",
          "total time, binary vs text with 2 workers at 1K",
          "less time",
        ],
        [
          "H2",
          "spread of insert time over blocks, binary vs text with 2 workers at 1K",
          "less",
        ],
        [
          "H3",
          "total time over encoding with 2 workers at 1K",
          "the best set is {binary}",
        ],
        [
          "H4",
          "how throughput changes with encoding, at the highest worker count against the lowest",
          "more",
        ],
        [
          "H5",
          "total time, binary vs text with 2 workers at 1K, with source prepared, which change the encoding time",
          "no longer less time",
        ],
        [
          "H6",
          "total time over encoding, 1 worker, 1K; 2 workers, 1K; 4 workers, 1K",
          "no level of encoding is among the best everywhere",
        ],
        [
          "H7",
          "throughput over workers at 1K, binary",
          "a peak below the most workers",
        ],
        [
          "H8",
          "total time over workers, with text and with binary",
          "the best worker counts rise",
        ],
        [
          "H9",
          "encoding time, text vs binary with 2 workers at 1K",
          "higher",
        ],
        [
          "H10",
          "workers' connections, binary vs text with 2 workers at 1K",
          "a setting, not tested",
        ],
        [
          "H11",
          "total time, binary vs text with 2 workers at 1K",
          "43 % less time (measured)",
        ],
      ]
    `)
    expect(statedClaimWords(claims.claims[0]!).text).toBe('H1: binary is faster than text (less time)')
  })

  it('judgeClaims judges every kind, of factors of their own, and says it in their words', () => {
    expect(claimVerdictRows(found).map(({ id, word, blocks }) => [id, word, blocks])).toEqual([
      ['H1', 'supported', 10],
      ['H2', 'undecided', 10],
      ['H3', 'supported', 10],
      ['H4', 'supported', 10],
      ['H5', 'refuted', 10],
      ['H6', 'equivalent', 10],
      ['H7', 'supported', 10],
      ['H8', 'refuted', 10],
      ['H9', 'supported', 10],
      ['H10', 'reported', 10],
      ['H11', 'reproduced', 10],
    ])
    expect(found.map(({ id }) => sentence(id))).toMatchInlineSnapshot(`
      [
        "H1, binary is faster than text: supported (direction confirmed, more than the margin of 2 %). binary vs text with 2 workers at 1K, pipeline: 43 % less time (95 % CI 43 to 44) (paired t interval of the log ratio).",
        "H2, binary varies less: undecided (direction open, open whether more than the margin of 2 %). binary vs text with 2 workers at 1K, pipeline: ratio of the spreads 0.90 (99.38 % CI 0.33 to 2.5) (interval of the ratio of spreads (Pitman and Morgan)).",
        "H3, binary is best: supported. 2 workers, pipeline: not shown to be worse than the best: binary alone (lowest mean: binary), of 2 levels, 10 blocks, 99.81 % sure of all at once (comparisons with the best (Hsu)).",
        "H4, binary gains more with more workers: supported (direction confirmed, more than the margin of 2 %). binary in place of text multiplies the throughput at 4 workers by 1.236 (99.38 % CI 1.216 to 1.257) of what it does at 1 worker; above 1, more is gained at 4 workers than at 1 worker (linear-by-linear interaction of encoding and log workers within blocks, t interval).",
        "H5, the client is what text waits for: refuted. encoding time: from 0.1 s with binary to 0.1 s with text, +0.1 s (99.79 % CI 0.1 to 0.1); with source prepared 0.0 s (99.79 % CI 0.0 to 0.0), and binary vs text with 2 workers at 1K, prepared: 43 % less time (99.79 % CI 42 to 44) (differences within blocks with and without the symptom, t intervals, which share the error rate).",
        "H6, the best encoding depends on the workers: equivalent. best levels of encoding, 1 worker, pipeline: binary; 2 workers, pipeline: binary; 4 workers, pipeline: binary; among the best in all that were measured, so a rule for these settings alone: binary, at most 0.0 % worse than the best in any (comparisons with the best (Hsu) in 3 settings).",
        "H7, too many workers hurt: supported. binary, pipeline: a peak at 3.5 workers (99.38 % CI 3.4 to 3.7), 151,411 records/s, 10 blocks (peak of the scalability law, profile interval).",
        "H8, binary needs more workers: refuted. best worker counts with text: 4, with binary: 4 (comparisons with the best (Hsu) at both ends).",
        "H9, text takes more encoding: supported. encoding time: from 0.1 s with binary to 0.1 s with text, +0.1 s (99.38 % CI 0.1 to 0.1) (difference of encoding time within blocks, t interval).",
        "H10, as many connections: reported. workers' connections: 2 with 2 workers, 1K, binary, 2 with 2 workers, 1K, text (none: it is set, not caused).",
        "H11, binary took 43 % less time in our test: reproduced. binary vs text with 2 workers at 1K, pipeline: 43 % less time (95 % CI 43 to 44) (paired t interval of the log ratio).",
      ]
    `)
  })

  it('claimVerdictWords quotes every number that it says', () => {
    for (const verdict of found) {
      const { text, numbers } = claimVerdictWords(verdict)
      const known = new Set(numbers.map((number) => number.text.replace(/^[+−-]/, '')))
      expect(numericTokens(text).filter((token) => !known.has(token.text))).toEqual([])
    }
  })

  it('plotClaims draws any claims', () => {
    const labels = (plotClaims(found).layout.yaxis as { ticktext: string[] }).ticktext
    expect(labels.map((label) => label.slice(0, 2)).sort()).toEqual(
      claims.claims.map(({ id }) => id.slice(0, 2)).sort(),
    )
    expect(JSON.stringify(plotClaims(found))).toContain('change of encoding time: +')
  })

  it('judgeClaims takes no study in which a claim leaves several treatments', () => {
    // The study has two sources, and these claims are about any.
    const open = checkClaims({ ...ownClaims, fixed: { dispatch: 'queue' } })
    expect(judgeClaims(open, study).map(({ test }) => test)).toEqual(claims.claims.map(() => null))
  })

  it('judgeClaims tells an interaction from a shift of the best levels, in words of any metric', () => {
    const grid = simulateStudy({
      workers: [1, 2, 4, 8],
      batchSizes: [1000, 4000],
      blocks: 10,
      noise: 0.01,
      truth: ({ workers, batchSize }) => {
        const best = batchSize === 1000 ? 2 : 8
        return { totalMs: 1000, insertMs: 500 * (1 + 0.1 * Math.abs(Math.log2(workers / best))) }
      },
    })
    const factors = { of: 'workers', by: 'batchSize', metric: 'insertMs' } as const
    const shift = (best: 'rises' | 'falls') => ({ kind: 'shift', ...factors, between: [1000, 4000], best }) as const
    const stated = [
      { kind: 'interaction', ...factors, claim: { lessBy: [0, null] } } as const,
      shift('rises'),
      shift('falls'),
    ]
    const judged = judgeClaims(
      checkClaims({
        claims: stated.map((test, k) => ({ id: `I${k}`, claim: 'more workers for larger batches', test })),
      }),
      grid,
    )
    expect(judged.map(({ verdict }) => verdict)).toEqual(['supported', 'supported', 'refuted'])
    expect(claimVerdictWords(judged[0]!).text).toMatch(
      /doubling the workers multiplies the insert time at 4K by 0\.\d+ \(98.33 % CI .*\) of what it does at 1K; below 1, more is gained at 4K than at 1K \(/,
    )
    expect(claimVerdictWords(judged[1]!).text).toContain('best worker counts at 1K: 2, at 4K: 8 (')
  })
})

describe('the primary claim', () => {
  const registering = (claimsDigest: string | null, binaryFirst = true): Study => {
    const [a, b] = [{ encoding: 'binary' }, { encoding: 'text' }] as const
    const at = { workers: 2, source: 'pipeline' } as const
    const preregistration = preregistrationOf(
      {
        primary: {
          a: { ...at, ...(binaryFirst ? a : b) },
          b: { ...at, ...(binaryFirst ? b : a) },
          claim: { fasterBy: [0, null] },
        },
        ...(claimsDigest === null ? {} : { claims: { primary: 'H7', digest: claimsDigest } }),
      },
      study.plan.treatments,
    )
    return { ...study, plan: { ...study.plan, preregistration } }
  }
  const primaryOf = (of: Study, digest: string | null = null): string[] =>
    judgeClaims({ ...claims, digest }, of).flatMap(({ id, primary }) => (primary ? [id] : []))

  it('judgeClaims takes the claim that the study preregistered, by the digest of its file, else by its contrast', () => {
    const digest = 'a'.repeat(64)
    expect(primaryOf(registering(digest), digest)).toEqual(['H7'])
    expect(primaryOf(registering('b'.repeat(64)), digest)).toEqual(['H1'])
    expect(primaryOf(registering(null))).toEqual(['H1'])
    expect(primaryOf(registering(null, false))).toEqual([])
    expect(primaryOf(study)).toEqual([])
  })

  it('judgeClaims judges the primary claim of a study with looks at the level of the look that it has come to', () => {
    const preregistered = registering(null)
    const stop = { looks: 2, bound: 'pocock', maxBlocks: 10 } as const
    const looking = { ...preregistered.plan.preregistration!, stop }
    const own = judgeClaims(claims, { ...preregistered, plan: { ...preregistered.plan, preregistration: looking } })[0]!
    const [level] = sequentialLevels({ looks: 2, bound: 'pocock', level: 0.95 })
    expect(level).toBeGreaterThan(0.96)
    expect(own).toMatchObject({ id: 'H1', primary: true, level })
    expect(own.estimate!.interval!.level).toBe(level)
  })

  it('judgeClaims refuses a primary claim that there is not, naming those there are', () => {
    expect(() => judgeClaims(claims, study, { primary: 'H12' })).toThrow(
      'Expected `primary` to be the id of a claim (H1, H2, H3, H4, H5, H6, H7, H8, H9, H10, H11), got "H12"',
    )
  })
})
