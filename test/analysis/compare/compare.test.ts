import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { requiredBlocks } from '../../../src/analysis/statistics/required-blocks.js'
import { bandText } from '../../../src/analysis/text/claim-words.js'
import { compare, judge } from '../../../src/entries/analysis.js'
import { checkedClaim } from '../../../src/study/claim.js'
import type { Study } from '../../../src/study/study.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const claim = { fasterBy: [0.05, 0.15] } as const
const twoVsFour = { a: { workers: 2 }, b: { workers: 4 } }

/** A study in which 2 workers take `ratio` times what 4 take. */
function ratioStudy(ratio: number, more: Partial<SimulateOptions> = {}): Study {
  return simulateStudy({
    blocks: 12,
    truth: ({ workers }) => ({ totalMs: workers === 2 ? 10_000 * ratio : 10_000 }),
    ...more,
  })
}

describe('compare', () => {
  it.each([
    [0.9, 'supported', 'a'],
    [1, 'equivalent', null],
    [1.2, 'refuted', 'b'],
    [0.7, 'refuted', 'a'],
  ] as const)('compare finds a true ratio of %d %s by the claim of 5–15 %% faster', (ratio, verdict, better) => {
    const answer = compare(ratioStudy(ratio, { noise: 0.01, blockNoise: 0.2 }), { ...twoVsFour, claim })
    expect(answer).toMatchObject({ verdict, better, blocks: 12, excluded: [] })
    expect(answer.estimate!.value).toBeCloseTo(ratio, 1)
    expect(answer.estimate!.interval!.lower).toBeLessThan(answer.estimate!.value)
  })

  it('compare is undecided on noise, and says how many blocks would decide', () => {
    const answer = compare(ratioStudy(0.97, { noise: 0.1, blocks: 6 }), { ...twoVsFour, claim })
    expect(answer.verdict).toBe('undecided')
    expect(answer.blocksToDecide).toBe(requiredBlocks({ sd: answer.sd!, effect: 0.05 }))
    expect(sentenceOf(answer)).toMatch(
      /^2 workers vs 4 at 10K: .+ \(95 % CI .+ to .+\), 6 blocks: undecided \(claim: 5–15 % less time; direction open, [a-z ]+, open whether more than the margin of 2 %\); about \d+ blocks would tell 5 % from no difference$/,
    )
  })

  it('compare says that a is faster where only the size of the claim is open', () => {
    const answer = compare(ratioStudy(0.85, { noise: 0.02 }), { ...twoVsFour, claim })
    expect(answer).toMatchObject({ verdict: 'undecided', better: 'a' })
    expect(sentenceOf(answer)).toMatch(
      /12 blocks: undecided \(claim: 5–15 % less time; direction confirmed, not smaller than claimed, more than the margin of 2 %\); more blocks narrow the interval$/,
    )
    const amount = compare(ratioStudy(0.85, { noise: 0.02 }), {
      ...twoVsFour,
      metric: 'recordsPerSecond',
      claim: { moreBy: [0.05, 0.18] },
    })
    expect(sentenceOf(amount)).toMatch(
      /direction confirmed, not smaller than claimed, .*; more blocks narrow the interval$/,
    )
  })

  it('compare gives no verdict below the floor, however clear the difference', () => {
    const answer = compare(ratioStudy(0.9, { blocks: 5 }), { ...twoVsFour, claim })
    expect(answer).toMatchObject({ verdict: 'undecided', better: null, minBlocks: 6 })
    expect(sentenceOf(answer)).toBe(
      '2 workers vs 4 at 10K: 10 % less time (95 % CI 10 to 10), 5 blocks: undecided (claim: 5–15 % less time); a verdict needs at least 6 blocks',
    )
    const single = compare(ratioStudy(0.9, { blocks: 1 }), twoVsFour)
    expect(single).toMatchObject({
      sd: null,
      blocksToDecide: null,
      blocksToDecideReason: 'the spread of the ratio is not known below 2 blocks',
    })
    expect(sentenceOf(single)).toBe(
      '2 workers vs 4 at 10K: 10 % less time, no interval, 1 block: undecided (claim: less time); a verdict needs at least 6 blocks',
    )
  })

  it('compare pairs only blocks in which both trials were completed, and says why the others are out', () => {
    const study = ratioStudy(0.9, {
      blocks: 8,
      change: (trial) => {
        if (trial.block === 3 && trial.treatment.workers === 4) return broken(trial)
        if (trial.block === 5 && trial.treatment.workers === 2) return null
        return trial
      },
    })
    const answer = compare(study, { ...twoVsFour, claim })
    expect(answer.pairs.map(({ block }) => block)).toEqual([1, 2, 4, 6, 7, 8])
    expect(answer.excluded).toEqual([
      { block: 3, reason: 'b failed: disk full' },
      { block: 5, reason: 'a was not run' },
    ])
    expect(answer).toMatchObject({ blocks: 6, verdict: 'supported' })
  })

  it('compare never looks at warm-up trials', () => {
    const study = ratioStudy(0.9, {
      warmUpBlocks: 2,
      change: (trial) => (trial.phase === 'warm-up' ? { ...trial, totalMs: 1 } : trial),
    })
    expect(compare(study, twoVsFour).pairs).toHaveLength(12)
    expect(compare(study, twoVsFour).estimate!.value).toBeCloseTo(0.9, 10)
  })

  it('compare of a study without a completed block says so', () => {
    const answer = compare(ratioStudy(0.9, { change: broken }), { ...twoVsFour, claim })
    expect(answer).toMatchObject({ estimate: null, signedRank: null, blocks: 0, verdict: 'undecided' })
    expect(sentenceOf(answer)).toContain('no block with both: undecided')
  })

  it('compare excludes blocks whose metric is 0, of which there is no ratio', () => {
    const answer = compare(ratioStudy(0.9, { change: (trial) => ({ ...trial, readMs: 0 }) }), {
      ...twoVsFour,
      metric: 'readMs',
    })
    expect(answer.blocks).toBe(0)
    expect(answer.excluded[0]!.reason).toContain('readMs of a is 0')
  })

  it('compare takes more records per second for faster', () => {
    const answer = compare(ratioStudy(0.9, { noise: 0.005 }), { ...twoVsFour, metric: 'recordsPerSecond', claim })
    expect(answer).toMatchObject({ verdict: 'supported', better: 'a' })
    expect(sentenceOf(answer)).toMatch(/^2 workers vs 4 at 10K, throughput: 1\d % more \(95 % CI /)
  })

  it('compare names what differs, and what else must be known', () => {
    const study = simulateStudy({
      vary: (treatment) => [treatment, { ...treatment, dispatch: 'queue' }],
      batchSizes: [10_000, 20_000],
      truth: () => ({ totalMs: 1000 }),
    })
    const at = { workers: 4, batchSize: 20_000 }
    expect(compare(study, { a: { ...at, dispatch: 'queue' }, b: { ...at, dispatch: 'split' } }).contrast).toBe(
      'queue vs split with 4 workers at 20K',
    )
    const split = { workers: 4, dispatch: 'split' } as const
    expect(compare(study, { a: { ...split, batchSize: 20_000 }, b: { ...split, batchSize: 10_000 } }).contrast).toBe(
      'batches of 20K vs 10K with 4 workers, split',
    )
  })

  it('compare refuses selections that leave several treatments, none, or twice the same', () => {
    const study = simulateStudy({ batchSizes: [10_000, 20_000], truth: () => ({ totalMs: 1000 }) })
    expect(() => compare(study, twoVsFour)).toThrow('leaves 2: add `batchSize` (10000, 20000)')
    expect(() => compare(study, { a: { workers: 3 }, b: { workers: 4 } })).toThrow(
      '`a.workers` to be a level of study simulated (2, 4), got 3',
    )
    expect(() => compare(ratioStudy(1), { a: { workers: 2 }, b: { workers: 2 } })).toThrow('different treatments')
    expect(() => compare(ratioStudy(1), { a: { worker: 2 } as never, b: { workers: 4 } })).toThrow('got `worker`')
    expect(() => compare(ratioStudy(1), { ...twoVsFour, metric: 'time' as never })).toThrow(
      '`metric` to be one of totalMs',
    )
    const uneven = simulateStudy({
      vary: (treatment) => [{ ...treatment, encoding: treatment.workers === 2 ? 'text' : 'binary' }],
      truth: () => ({ totalMs: 1000 }),
    })
    expect(() => compare(uneven, twoVsFour)).toThrow('name `encoding` in both')
  })

  it('compare returns plain data', () => {
    const answer = compare(ratioStudy(0.9, { noise: 0.05 }), twoVsFour)
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
  })

  const anyStudy = fc.record({
    ratio: fc.double({ min: 0.5, max: 2, noNaN: true }),
    noise: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
    seed: fc.nat(),
  })

  it('compare(b, a) is the reciprocal of compare(a, b)', () => {
    fc.assert(
      fc.property(anyStudy, ({ ratio, ...more }) => {
        const study = ratioStudy(ratio, { ...more, blocks: 7 })
        const there = compare(study, twoVsFour)
        const back = compare(study, { a: twoVsFour.b, b: twoVsFour.a })
        expect(there.estimate!.value * back.estimate!.value).toBeCloseTo(1, 9)
        expect(there.estimate!.interval!.lower * back.estimate!.interval!.upper).toBeCloseTo(1, 9)
        expect(there.signedRank!.estimate.value * back.signedRank!.estimate.value).toBeCloseTo(1, 9)
        expect(there.sd).toBeCloseTo(back.sd!, 9)
        expect([there.better, back.better]).toEqual(
          there.better === null ? [null, null] : there.better === 'a' ? ['a', 'b'] : ['b', 'a'],
        )
      }),
    )
  })

  it('compare does not change when all times are scaled or the trials stand in another order', () => {
    fc.assert(
      fc.property(anyStudy, fc.double({ min: 0.01, max: 100, noNaN: true }), ({ ratio, ...more }, scale) => {
        const study = ratioStudy(ratio, { ...more, blocks: 7 })
        const scaled = ratioStudy(ratio, {
          ...more,
          blocks: 7,
          change: (trial) => ({ ...trial, totalMs: trial.totalMs * scale }),
        })
        const reordered = { ...study, trials: [...study.trials].reverse() }
        const answer = compare(study, { ...twoVsFour, claim })
        expect(compare(reordered, { ...twoVsFour, claim })).toEqual(answer)
        const other = compare(scaled, { ...twoVsFour, claim })
        expect(other.estimate!.value).toBeCloseTo(answer.estimate!.value, 9)
        expect(other.estimate!.interval!.upper).toBeCloseTo(answer.estimate!.interval!.upper, 9)
        expect(sentenceOf(other)).toBe(sentenceOf(answer))
      }),
    )
  })
})

describe('judge', () => {
  const interval = (lower: number, upper: number) => ({ level: 0.95, lower, upper })
  const band = checkedClaim(claim, 'totalMs').bounds

  it.each([
    [0.86, 0.94, 'supported'],
    [0.96, 1.04, 'equivalent'],
    [1.06, 1.2, 'refuted'],
    [0.97, 1.2, 'refuted'],
    [0.7, 0.8, 'refuted'],
    [0.8, 0.9, 'undecided'],
    [0.9, 1.1, 'undecided'],
  ])('judge finds [%d, %d] %3$s by the claim of a ratio of 0.85 to 0.95', (lower, upper, verdict) => {
    expect(judge(interval(lower, upper), band, 0.05)).toBe(verdict)
  })

  it('judge takes a claim without a least difference as not met by a difference within the margin', () => {
    const faster = checkedClaim({ fasterBy: [0, null] }, 'totalMs').bounds
    expect(judge(interval(0.97, 0.99), faster, 0.05)).toBe('equivalent')
    expect(judge(interval(0.97, 0.99), faster, 0.005)).toBe('supported')
    expect(judge(interval(0.6, 0.7), faster, 0.05)).toBe('supported')
    expect(judge(interval(0.97, 0.98), checkedClaim({ fasterBy: [0.01, 0.05] }, 'totalMs').bounds, 0.05)).toBe(
      'supported',
    )
  })
})

describe('checkedClaim', () => {
  it.each([
    [{ fasterBy: [0.05, 0.15] }, 'totalMs', [0.85, 0.95], '5–15 % less time'],
    [{ fasterBy: [0.05, 0.15] }, 'recordsPerSecond', [1.05, 1.15], '5–15 % more'],
    [{ slowerBy: [0, null] }, 'totalMs', [1, null], 'more time'],
    [{ lessBy: [0.06, 0.14] }, 'insertMs', [0.86, 0.94], '6–14 % less'],
    [{ lessBy: [0, null] }, 'rssPeakBytes', [0, 1], 'less'],
    [{ moreBy: [0.1, null] }, 'insertMs', [1.1, null], 'at least 10 % more'],
    [{ fasterBy: [0, Number.POSITIVE_INFINITY] }, 'totalMs', [0, 1], 'less time'],
    [{ ratio: [0.9, 1.1] }, 'bytes', [0.9, 1.1], 'a ratio of 0.9 to 1.1'],
  ] as const)('checkedClaim(%j, %s) is %j', (given, metric, [lower, upper], text) => {
    const band = checkedClaim(given, metric).bounds
    expect(band.lower).toBeCloseTo(lower, 12)
    if (upper === null) expect(band.upper).toBeNull()
    else expect(band.upper).toBeCloseTo(upper, 12)
    expect(bandText(band, metric)).toBe(text)
  })

  it('checkedClaim refuses shares out of order, unknown claims, and "faster" of an amount', () => {
    expect(() => checkedClaim({ fasterBy: [0.15, 0.05] }, 'totalMs').bounds).toThrow(
      'ascending order, such as [0.05, 0.15], got [0.15,0.05]',
    )
    expect(() => checkedClaim({ fasterBy: [Number.NaN, 1] }, 'totalMs').bounds).toThrow(RangeError)
    expect(() => checkedClaim({ quicker: [0, 1] } as never, 'totalMs').bounds).toThrow('one of fasterBy')
    expect(() => checkedClaim({ fasterBy: [0, 1] }, 'rssPeakBytes').bounds).toThrow(
      '`lessBy`, `moreBy` or `ratio` for rssPeakBytes',
    )
  })
})
