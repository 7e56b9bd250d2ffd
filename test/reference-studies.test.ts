import { describe, expect, it } from 'vitest'
import { summarise, workerTime } from '../src/analysis/index.js'
import { type CompletedTrial, readStudy } from '../src/executor/index.js'

const names = ['reference-workers', 'reference-batches', 'reference-arrangements']

function completed(name: string): CompletedTrial[] {
  return readStudy(name).trials.map((trial) => {
    if (trial.state === 'failed') throw new Error(trial.error.message)
    return trial
  })
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

describe.each(names)('%s', (name) => {
  const intoTable = completed(name).filter((trial) => trial.treatment.target === 'table')

  it("has the pieces of every trial's worker time add up to the backends' wall time within 3 %", () => {
    expect(intoTable.length).toBeGreaterThan(40)
    for (const trial of intoTable) {
      const time = workerTime(trial)!
      const ratio = sum(Object.values(time.ms)) / time.wallMs
      expect(Math.abs(ratio - 1), `trial ${trial.trial}: ${ratio}`).toBeLessThan(0.03)
    }
  })

  it('has looks at the server that agree with what Linux counted of the backends, over each treatment', () => {
    const treatments = new Map<string, CompletedTrial[]>()
    for (const trial of intoTable) {
      const key = JSON.stringify(trial.treatment)
      treatments.set(key, [...(treatments.get(key) ?? []), trial])
    }
    for (const [treatment, trials] of treatments) {
      const differences = trials.map((trial) => {
        const time = workerTime(trial)!
        return (time.runnableByLooksMs - trial.backendCpuMs! - trial.backendQueueMs!) / time.wallMs
      })
      expect(Math.abs(sum(differences) / trials.length), treatment).toBeLessThan(0.05)
    }
  })

  it('misses no reading', () => {
    for (const trial of intoTable) expect(trial.missing).toEqual({})
  })
})

describe('reference-arrangements', () => {
  it('has the throughput of both clients at 1 to 4 workers, over the same content', () => {
    const study = readStudy('reference-arrangements')
    const where = { dispatch: 'split', encoding: 'text', source: 'pipeline', target: 'table' } as const
    const rows = summarise(study, { metric: 'recordsPerSecond', where, by: ['workers', 'client'] })
    expect(rows.map(({ workers, client }) => `${client} ${workers}`).sort()).toEqual([
      'event-loop 1',
      'event-loop 2',
      'event-loop 3',
      'event-loop 4',
      'threads 1',
      'threads 2',
      'threads 3',
      'threads 4',
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
