import { describe, expect, it } from 'vitest'
import { workerTime } from '../../src/analysis/explain/worker-time.js'
import { summarise } from '../../src/entries/analysis.js'
import { type CompletedTrial, readStudy } from '../../src/entries/executor.js'
import { referenceStudies } from '../chapter/reference-chapter.js'

function completed(name: string): CompletedTrial[] {
  return readStudy(name).trials.map((trial) => {
    if (trial.state === 'failed') throw new Error(trial.error.message)
    return trial
  })
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

function byTreatment<T extends { readonly trial: CompletedTrial }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = JSON.stringify(one.trial.treatment)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return groups
}

/** Measured before some readings of today were there; their trials take a second. */
const earlier = ['workers', 'arrangements', 'capacity', 'confirmed'].map((part) => `reference-${part}`)

/** Some of their trials take half a second with 1 worker, or a tenth of one. */
const shortest = ['reference-cores', 'reference-client']

describe('reference-cores', () => {
  it('has samples that miss some of what Linux counted where the server has one core, since they are taken there too', () => {
    for (const cores of ['0/1', '0/0']) {
      const own = completed('reference-cores').filter(({ treatment }) => treatment.cores === cores)
      const missed = own.map((trial) => {
        const time = workerTime(trial)!
        return (trial.backendCpuMs! + trial.backendQueueMs! - time.runnableBySamplesMs) / time.wallMs
      })
      const mean = sum(missed) / missed.length
      expect(mean).toBeGreaterThan(0.03)
      expect(mean).toBeLessThan(0.15)
    }
  })
})

/** Answers one question, for which no waits are read. */
const withoutWaits = 'reference-primary'

describe(withoutWaits, () => {
  it('has loaded all records in every trial, and says that waits were not read', () => {
    const trials = completed(withoutWaits)
    const [checksum] = readStudy(withoutWaits).contexts.map((context) => context.input.checksum)
    for (const trial of trials) {
      expect(trial).toMatchObject({ checksum, waits: null })
      expect(Object.keys(trial.missing)).toContain('waits')
    }
    expect(new Set(trials.map(({ treatment }) => treatment.workers))).toEqual(new Set([2, 4]))
  })
})

describe.each(referenceStudies.filter((name) => name !== withoutWaits))('%s', (name) => {
  const intoTable = completed(name).filter(
    ({ treatment }) => treatment.target === 'table' && treatment.cores === 'shared',
  )

  it("has the parts of the worker time add up to the backends' wall time: within 3 % in 99 of 100 trials of a second, in 97 of half a second, and over each treatment", () => {
    expect(intoTable.length).toBeGreaterThan(40)
    const strays = intoTable.map((trial) => {
      const time = workerTime(trial)!
      return { trial, stray: sum(Object.values(time.ms)) / time.wallMs - 1 }
    })
    // Of some sixty samples in a second, those at a short sleep may all miss it.
    const beyond = strays.filter(({ stray }) => Math.abs(stray) > 0.03)
    const limit = shortest.includes(name) ? 0.06 : earlier.includes(name) ? 0.01 : 0.03
    expect(beyond.length / strays.length).toBeLessThan(limit)
    for (const { trial, stray } of beyond) expect(Math.abs(stray), `trial ${trial.trial}`).toBeLessThan(0.07)
    for (const [treatment, own] of byTreatment(strays)) {
      const mean = sum(own.map(({ stray }) => stray)) / own.length
      expect(Math.abs(mean), treatment).toBeLessThan(0.03)
    }
  })

  it('has samples at the server that agree with what Linux counted of the backends, over each treatment and over all', () => {
    const means: number[] = []
    for (const [treatment, own] of byTreatment(intoTable.map((trial) => ({ trial })))) {
      const differences = own.map(({ trial }) => {
        const time = workerTime(trial)!
        return (time.runnableBySamplesMs - trial.backendCpuMs! - trial.backendQueueMs!) / time.wallMs
      })
      means.push(sum(differences) / own.length)
      // Trials of a second have some sixty samples at each worker.
      expect(Math.abs(means.at(-1)!), treatment).toBeLessThan(0.07)
    }
    expect(Math.abs(sum(means) / means.length)).toBeLessThan(0.05)
  })

  it('misses no reading of those that there were when it was measured', () => {
    const later = {
      hostOthers: expect.stringContaining('when the trial ran'),
      walRecords: expect.stringContaining('when the trial ran'),
      walFullPages: expect.stringContaining('when the trial ran'),
      interruptions: expect.stringContaining('when the trial ran'),
      blockers: expect.any(String),
    }
    for (const trial of intoTable) expect(trial.missing).toEqual(earlier.includes(name) ? later : {})
  })
})

describe('reference-arrangements', () => {
  it('has the throughput of both clients at every worker count, over the same content', () => {
    const study = readStudy('reference-arrangements')
    const where = { dispatch: 'split', encoding: 'text', source: 'pipeline', target: 'table' } as const
    const rows = summarise(study, { metric: 'recordsPerSecond', where, by: ['workers', 'client'] })
    expect(rows.map(({ workers, client }) => `${client} ${workers}`).sort()).toEqual([
      'event-loop 1',
      'event-loop 2',
      'event-loop 3',
      'event-loop 4',
      'event-loop 6',
      'event-loop 8',
      'threads 1',
      'threads 2',
      'threads 3',
      'threads 4',
      'threads 6',
      'threads 8',
    ])
    for (const { n, geometricMean } of rows) {
      expect(n).toBeGreaterThanOrEqual(6)
      expect(geometricMean!.interval).not.toBeNull()
    }
    const { checksum } = study.contexts.at(-1)!.input
    for (const trial of completed('reference-arrangements')) {
      expect(trial.checksum).toBe(trial.treatment.target === 'table' ? checksum : null)
    }
  })
})

describe('reference-workers', () => {
  it('has at least 30 blocks of every worker count with every batch size, and preregistered its question', () => {
    const { plan, trials } = readStudy('reference-workers')
    expect(plan.blocks).toBeGreaterThanOrEqual(30)
    expect(plan.input).toMatchObject({ records: 717_000 })
    expect(plan.treatments.map(({ workers, batchSize, dispatch }) => `${workers} ${batchSize} ${dispatch}`)).toEqual(
      [1, 2, 3, 4, 6, 8].flatMap((workers) =>
        [10_000, 20_000, 30_000].map((batchSize) => `${workers} ${batchSize} split`),
      ),
    )
    expect(plan.preregistration).toMatchObject({
      primary: { a: { workers: 2 }, b: { workers: 4 }, metric: 'totalMs', claim: { fasterBy: [0.05, 0.15] } },
      level: 0.95,
      margin: 0.05,
    })
    const measured = trials.filter(({ phase, state }) => phase === 'measured' && state === 'completed')
    expect(measured).toHaveLength(plan.blocks * 18)
  })
})
