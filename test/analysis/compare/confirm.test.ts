import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { type Confirmation, confirm } from '../../../src/entries/analysis.js'
import type { Factors } from '../../../src/study/design.js'
import { preregistrationOf } from '../../../src/study/preregistration.js'
import type { Study } from '../../../src/study/study.js'
import { sentenceOf } from '../sentence-of.js'

/**
 * 1 worker is slow; all others are equally fast, so that whichever is chosen owes its rank among
 * them to chance.
 */
const plateau = (options: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({
    workers: [1, 2, 3, 4, 6],
    blocks: 8,
    noise: 0.1,
    seed: 5,
    truth: ({ workers }) => ({ totalMs: workers === 1 ? 1300 : 1000 }),
    ...options,
  })

/** A rerun of what was asked for, as another study. */
function rerunOf(options: Partial<SimulateOptions> = {}): {
  asked: Factors[]
  run: (factors: readonly Factors[]) => Promise<Study>
} {
  const asked: Factors[] = []
  return {
    asked,
    run: async (factors) => {
      asked.push(...factors)
      const levels = <K extends keyof Factors>(factor: K): number[] => [
        ...new Set(factors.map((one) => Number(one[factor]))),
      ]
      const study = plateau({ seed: 77, workers: levels('workers'), batchSizes: levels('batchSize'), ...options })
      return { ...study, plan: { ...study.plan, name: 'fresh' }, journal: 'data/studies/fresh/0123456789ab.jsonl' }
    },
  }
}

describe('confirm(study, options)', () => {
  it('confirm runs the choice and the baseline on fresh blocks and says what the choice is worth there', async () => {
    const { asked, run } = rerunOf()
    const [found, ...more] = await confirm(plateau(), { baseline: 1, run })
    expect(more).toEqual([])
    expect(asked.map(({ workers }) => workers)).toEqual([found!.chosen.workers, 1])
    expect(found!.baseline.workers).toBe(1)
    expect([found!.before.study, found!.fresh.study]).toEqual(['simulated', 'fresh'])
    expect(found!.fresh.blocks).toBe(8)
    expect(sentenceOf(found!)).toMatch(
      /^\d workers at 10K chosen; against 1 worker at 10K \S+ % less time \(95 % CI .*\) where that was chosen, \S+ % less time \(95 % CI .*\) on 8 fresh blocks$/,
    )
  })

  it('confirm with by chooses for each batch size, against the counts of the preregistered contrast, else the most', async () => {
    const truth: SimulateOptions['truth'] = ({ workers, batchSize }) => ({
      totalMs: workers === (batchSize === 10_000 ? 2 : 4) ? 800 : 1000,
    })
    const { asked, run } = rerunOf({ truth })
    const study = plateau({ truth, batchSizes: [10_000, 30_000], noise: 0.02 })
    const found = await confirm(study, { by: 'batchSize', run })
    const counts = (all: typeof found): number[][] =>
      all.map(({ chosen, baseline }) => [chosen.batchSize, chosen.workers, baseline.workers])
    expect(counts(found)).toEqual([
      [10_000, 2, 6],
      [30_000, 4, 6],
    ])
    expect(asked).toHaveLength(4)
    expect(found.map((one) => sentenceOf(one).split(':')[0])).toEqual(['10K', '30K'])
    const primary = { a: { workers: 2, batchSize: 10_000 }, b: { workers: 4, batchSize: 10_000 } }
    const options = { primary: { ...primary, claim: { fasterBy: [0.05, 0.15] } } } as const
    const preregistration = preregistrationOf(options, study.plan.treatments)
    expect(
      counts(await confirm({ ...study, plan: { ...study.plan, preregistration } }, { by: 'batchSize', run })),
    ).toEqual([
      [10_000, 2, 4],
      [30_000, 4, 2],
    ])
  })

  it('confirm chooses one setting over all factors, against the preregistered contrast, else the most workers', async () => {
    const truth: SimulateOptions['truth'] = ({ workers, batchSize }) => ({
      totalMs: workers === 3 && batchSize === 30_000 ? 700 : 1000 + workers,
    })
    const study = plateau({ truth, batchSizes: [10_000, 30_000], noise: 0.02 })
    const { asked, run } = rerunOf({ truth })
    const settings = ({ chosen, baseline }: Confirmation): number[][] =>
      [chosen, baseline].map(({ workers, batchSize }) => [workers, batchSize])
    const [found, ...more] = await confirm(study, { run })
    expect(more).toEqual([])
    expect(settings(found!)).toEqual([
      [3, 30_000],
      [6, 30_000],
    ])
    expect(asked.map(({ workers, batchSize }) => [workers, batchSize])).toEqual(settings(found!))
    expect(sentenceOf(found!)).toMatch(/^3 workers at 30K chosen; against 6 workers at 30K /)
    const primary = { a: { workers: 2, batchSize: 10_000 }, b: { workers: 4, batchSize: 10_000 } }
    const preregistration = preregistrationOf(
      { primary: { ...primary, claim: { fasterBy: [0, null] } } },
      study.plan.treatments,
    )
    const preregistered = { ...study, plan: { ...study.plan, preregistration } }
    const rerun = plateau({ truth, batchSizes: [10_000, 30_000], seed: 9 })
    const again = await confirm(preregistered, { run: async () => ({ ...rerun, journal: 'fresh.jsonl' }) })
    expect(settings(again[0]!)).toEqual([
      [3, 30_000],
      [4, 10_000],
    ])
  })

  it('on average, less is left of a gain that was chosen for being the largest', async () => {
    const shares: number[] = []
    for (let seed = 1; seed <= 200; seed++) {
      const [found] = await confirm(plateau({ seed, observed: false }), {
        baseline: 1,
        run: rerunOf({ seed: 1000 + seed, observed: false }).run,
      })
      const [gain, fresh] = [found!.before, found!.fresh].map(({ estimate }) => Math.log(estimate!.value))
      shares.push(fresh! / gain!)
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    expect(mean).toBeGreaterThan(0.75)
    expect(mean).toBeLessThan(0.95)
  })

  it('confirm refuses what cannot confirm, with the remedy', async () => {
    const { run } = rerunOf()
    const chosen = (await confirm(plateau(), { baseline: 1, run }))[0]!.chosen.workers
    await expect(confirm(plateau(), { baseline: chosen, run })).rejects.toThrow(
      /Expected a `baseline` other than the choice/,
    )
    await expect(confirm(plateau(), { baseline: 5, run })).rejects.toThrow(/measured \(1, 2, 3, 4, 6\), got 5/)
    for (const by of [undefined, 'batchSize'] as const) {
      await expect(confirm(plateau({ blocks: 1 }), { by, run })).rejects.toThrow(/has fewer than 2: run more blocks/)
    }
    await expect(confirm(plateau(), { run: async () => plateau() })).rejects.toThrow(/give them another name/)
    const other = async (factors: readonly Factors[]): Promise<Study> => {
      const study = await run(factors)
      return { ...study, plan: { ...study.plan, input: { kind: 'flights', records: 7 } } }
    }
    await expect(confirm(plateau(), { run: other })).rejects.toThrow(/to load the input of simulated/)
  })
})
