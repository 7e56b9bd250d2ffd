import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import {
  type ClaimVerdict,
  checkClaims,
  claimVerdictRows,
  claimVerdictWords,
  judgeClaims,
  numericTokens,
  plotClaims,
  statedClaimRows,
  statedClaimWords,
} from '../../src/entries/analysis.js'
import { registrationOf } from '../../src/study/preregistration.js'
import type { Study } from '../../src/study/study.js'
import { ownClaims } from './own-claims.js'

const claims = checkClaims(ownClaims)

/** Binary encodes faster and gains more from workers; text is held up by the client, and still slower with payloads made beforehand. */
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
      encodeMs: isBinary ? 100 : 500,
    }
  },
})
const found = judgeClaims(claims, study, { primary: 'H1' })
const verdictOf = (id: string): ClaimVerdict => found.find((one) => one.id === id)!
const sentence = (id: string): string => claimVerdictWords(verdictOf(id)).text

describe("claims of one's own", () => {
  it('statedClaimRows says what each test compares and expects', () => {
    expect(statedClaimRows(claims).map(({ id, compared, expected }) => [id, compared, expected])).toEqual([
      ['H1', 'total time, binary vs text with 2 workers at 1K', 'faster'],
      ['H2', 'spread of insert time over blocks, binary vs text with 2 workers at 1K', 'less'],
      ['H3', 'total time over encoding with 2 workers at 1K', 'the best set is {binary}'],
      ['H4', 'how throughput changes with encoding, at the highest workers against the lowest', 'more'],
      [
        'H5',
        'encoding time, text vs binary with 2 workers at 1K; total time, binary vs text with 2 workers at 1K, with source prepared',
        'higher; still faster',
      ],
      ['H6', 'total time over encoding, by workers', 'no level of encoding is among the best everywhere'],
      ['H7', 'throughput over workers at 1K, binary', 'a peak below the most workers'],
    ])
    expect(statedClaimWords(claims.claims[0]!).text).toBe('H1: binary is faster than text (faster)')
  })

  it('judgeClaims judges all seven kinds of factors of their own, and says it in their words', () => {
    expect(claimVerdictRows(found).map(({ id, verdict, blocks }) => [id, verdict, blocks])).toMatchInlineSnapshot(`
      [
        [
          "H1",
          "supported",
          10,
        ],
        [
          "H2",
          "undecided",
          10,
        ],
        [
          "H3",
          "supported",
          10,
        ],
        [
          "H4",
          "supported",
          10,
        ],
        [
          "H5",
          "supported",
          10,
        ],
        [
          "H6",
          "equivalent",
          10,
        ],
        [
          "H7",
          "supported",
          10,
        ],
      ]
    `)
    expect(['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7'].map(sentence)).toMatchInlineSnapshot(`
      [
        "H1, binary is faster than text: supported. binary vs text with 2 workers at 1K, pipeline: 43 % faster [44 % faster, 43 % faster] (paired t interval of the log ratio, p 0.0020).",
        "H2, binary varies less: undecided. binary vs text with 2 workers at 1K, pipeline: ratio of the spreads 0.90 [0.45, 1.8] (Pitman–Morgan interval of the ratio of spreads, no error rate below one half decides it).",
        "H3, binary is best: supported. 2 workers, pipeline: not shown to be worse than the best: binary alone (lowest mean: binary), of 2 levels, 10 blocks, 95 % for all together (comparisons with the best (Hsu), p below 0.001, adjusted below 0.001).",
        "H4, binary gains more with more workers: supported. binary in place of text multiplies the throughput at 4 workers by 1.236 [1.224, 1.250] of what it does at 1 worker; above 1, more is gained at 4 workers than at 1 worker (linear-by-linear interaction of encoding and log workers within blocks, t interval, p below 0.001, adjusted below 0.001).",
        "H5, the client is what text waits for: supported. encoding time: from 0.1 s with binary to 0.1 s with text, +0.1 s [0.1, 0.1]; with source prepared: binary vs text with 2 workers at 1K, prepared: 43 % faster [44 % faster, 42 % faster] (difference of encoding time within blocks, t interval, and the contrast with source prepared, p 0.0020, adjusted 0.0039).",
        "H6, the best encoding depends on the workers: equivalent. best levels of encoding, 1 worker, pipeline: binary; 2 workers, pipeline: binary; 4 workers, pipeline: binary; among the best in all of them, so a rule for these settings alone: binary, at most 0.0 % worse than the best in any (comparisons with the best (Hsu) in 3 settings, p below 0.001, adjusted below 0.001).",
        "H7, too many workers hurt: supported. binary, pipeline: a peak at 3.5 workers [3.4, 3.6], 151,411 records/s, 10 blocks (peak of the scalability law, profile interval, p below 0.001, adjusted below 0.001).",
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
    expect(labels.map((label) => label.slice(0, 2)).sort()).toEqual(['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7'])
    expect(JSON.stringify(plotClaims(found))).toContain('change of encoding time: +')
  })

  it('judgeClaims takes no study in which a claim leaves several treatments', () => {
    // The study has two sources, and these claims are about any.
    const open = checkClaims({ ...ownClaims, fixed: { dispatch: 'queue' } })
    expect(judgeClaims(open, study).map(({ test }) => test)).toEqual(Array.from({ length: 7 }, () => null))
  })

  it('judgeClaims takes an interaction whose best levels must move, and words of any metric', () => {
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
    const claim = (best?: 'rises' | 'falls') =>
      checkClaims({
        claims: [
          {
            id: 'I1',
            claim: 'more workers for larger batches',
            test: {
              kind: 'interaction',
              of: 'workers',
              by: 'batchSize',
              metric: 'insertMs',
              claim: { lessBy: [0, null] },
              best,
            },
          },
        ],
      })
    const judged = (best?: 'rises' | 'falls') => judgeClaims(claim(best), grid)[0]!
    expect([judged(), judged('rises'), judged('falls')].map(({ verdict }) => verdict)).toEqual([
      'supported',
      'supported',
      'undecided',
    ])
    expect(claimVerdictWords(judged('rises')).text).toMatch(
      /doubling the workers multiplies the insert time at 4K by 0\.\d+ \[.*\] of what it does at 1K; below 1, more is gained at 4K than at 1K; best worker counts at 1K: 2, at 4K: 8 \(/,
    )
    expect(claimVerdictWords(judged()).text).not.toContain('best worker counts')
  })
})

describe('the primary claim', () => {
  const registering = (claimsDigest: string | null, binaryFirst = true): Study => {
    const [a, b] = [{ encoding: 'binary' }, { encoding: 'text' }] as const
    const at = { workers: 2, source: 'pipeline' } as const
    const registration = registrationOf(
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
    return { ...study, plan: { ...study.plan, registration } }
  }
  const primaryOf = (of: Study, digest: string | null = null): string[] =>
    judgeClaims({ ...claims, digest }, of).flatMap(({ id, primary }) => (primary ? [id] : []))

  it('judgeClaims takes the claim that the study registered, by the digest of its file, else by its contrast', () => {
    const digest = 'a'.repeat(64)
    expect(primaryOf(registering(digest), digest)).toEqual(['H7'])
    expect(primaryOf(registering('b'.repeat(64)), digest)).toEqual(['H1'])
    expect(primaryOf(registering(null))).toEqual(['H1'])
    expect(primaryOf(registering(null, false))).toEqual([])
    expect(primaryOf(study)).toEqual([])
  })

  it('judgeClaims refuses a primary claim that there is not, naming those there are', () => {
    expect(() => judgeClaims(claims, study, { primary: 'H9' })).toThrow(
      'Expected `primary` to be the id of a claim (H1, H2, H3, H4, H5, H6, H7), got "H9"',
    )
  })
})
