import { describe, expect, it } from 'vitest'
import { measureJournal, wrongJournal } from '../../bench/endurance/soak/journal/journal.js'
import { growthOf, type Quantity } from '../../bench/endurance/soak/length/growth.js'
import { leakNames } from '../../bench/endurance/soak/length/leaks.js'
import { type Length, measureLength, wrongLength } from '../../bench/endurance/soak/length/length.js'
import { slopeOf } from '../../bench/endurance/soak/length/slope.js'
import { measureWidth, wrongWidth } from '../../bench/endurance/soak/width/width.js'
import { spreadOf } from '../../bench/rounds/spread.js'
import { makeRandom } from '../../src/analysis/statistics/numerics/random.js'

const common = { seed: 1, progress: () => {}, signal: new AbortController().signal }

/** What must not change at all from block to block, whatever the length of a study. */
const counted = ({ quantities }: Length): Record<string, readonly number[]> =>
  Object.fromEntries(quantities.filter(({ unit }) => unit === 'count').map(({ name, means }) => [name, means]))

// The long form of these: npm run test:endurance -- --only soak.
describe('trials in one process', () => {
  it('leave descriptors, threads, connections and objects of the server as they were', async () => {
    const length = await measureLength({ ...common, blocks: 2, warmUpBlocks: 2, workers: [1, 4], records: 2_000 })
    expect(length).toMatchObject({ trials: 40, failed: 0, left: [] })
    const counts = counted(length)
    expect(Object.keys(counts)).toContain('connections')
    for (const [name, means] of Object.entries(counts)) expect(means, name).toEqual([means[0], means[0]])
    expect(length.resultBytes).toBeLessThan(100_000)
  })

  it('are found to leave behind what they leave behind', async () => {
    const length = await measureLength({
      ...common,
      blocks: 8,
      warmUpBlocks: 0,
      workers: [1],
      records: 500,
      leaks: leakNames,
    })
    const wrong = wrongLength(length).join('\n')
    for (const name of ['heap', 'array buffers', 'descriptors', 'threads', 'connections', 'schemas', 'relations']) {
      expect(wrong).toMatch(new RegExp(`growth: .*${name}`))
    }
    expect(wrong).toMatch(/after a long study \d+ connections, after a short one \d+/)
  })
})

describe('64 workers', () => {
  it('load where there is room, and are refused in one sentence where one connection is missing', async () => {
    const width = await measureWidth({ ...common, role: 'plain' })
    expect(width.cases).toHaveLength(4)
    expect(wrongWidth(width)).toEqual([])
  })
})

describe('a long journal', () => {
  it('is read whole and answers every question', async () => {
    const journal = await measureJournal({ ...common, trials: 1_000, repeats: 1 })
    expect(journal.trials).toBeGreaterThanOrEqual(1_000)
    expect(Object.values(journal.eachMs).every((ms) => ms > 0)).toBe(true)
    expect(wrongJournal(journal)).toEqual([])
    const [quick, slow] = [spreadOf([4_999]), spreadOf([5_001])]
    const judged = { ...journal, judged: true, cpuMs: slow, wallMs: slow }
    expect(wrongJournal(judged)).toEqual([expect.stringMatching(/took 5,001 ms/)])
    expect(wrongJournal({ ...judged, wallMs: quick })).toEqual([])
    expect(wrongJournal({ ...judged, cpuMs: quick })).toEqual([])
  })
})

/** Values whose neighbours are alike: each keeps a share of the one before. */
function madeRow(length: number, kept: number, rise: number, random = makeRandom(1)): number[] {
  let noise = random.normal()
  return Array.from({ length }, (_, k) => {
    noise = kept * noise + Math.sqrt(1 - kept ** 2) * random.normal()
    return 100 + rise * k + noise
  })
}

describe('slopeOf', () => {
  it.each([
    [0, 0.03, 0.07],
    [0.5, 0.03, 0.12],
  ])('excludes the true slope in about a twentieth of rows that keep %s of their noise', (kept, least, most) => {
    const random = makeRandom(3)
    const rows = Array.from({ length: 2_000 }, () => slopeOf(madeRow(22, kept, 0.25, random)))
    const missed = rows.filter(({ interval }) => interval!.lower > 0.25 || interval!.upper < 0.25).length
    expect(missed / rows.length).toBeGreaterThan(least)
    expect(missed / rows.length).toBeLessThan(most)
  })

  it('has no error where the values are on a line, and no interval for fewer than 8', () => {
    const line = slopeOf(Array.from({ length: 10 }, (_, k) => 3 + 2 * k))
    expect(line.value).toBeCloseTo(2, 12)
    expect(line.interval!.upper - line.interval!.lower).toBeCloseTo(0, 9)
    expect(slopeOf([1, 2, 3])).toMatchObject({ value: 1, interval: null })
  })
})

describe('growthOf', () => {
  const quantity: Quantity = { name: 'memory', unit: 'bytes', bound: 10 }
  const verdict = (rise: number, noise: number): string => {
    const row = madeRow(22, 0.3, 0).map((value) => noise * (value - 100))
    return growthOf(
      quantity,
      row.map((value, k) => [value + rise * k, value + rise * k]),
    ).growth
  }

  it('refutes growth within the bound, shows growth beyond it, and else decides nothing', () => {
    // Two trials a block: a rise of 1 a block is 250 in 500 trials.
    expect(verdict(0, 0.1)).toBe('refuted')
    expect(verdict(0.01, 0.1)).toBe('refuted')
    expect(verdict(1, 0.1)).toBe('shown')
    expect(verdict(0, 100)).toBe('undecided')
  })
})
