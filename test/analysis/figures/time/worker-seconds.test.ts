import { describe, expect, it } from 'vitest'
import { workerSecondsSeries } from '../../../../src/analysis/figures/time/worker-seconds.js'
import { simulateStudy } from '../../../../src/analysis/simulate/simulate-study.js'
import { plotWorkerSeconds } from '../../../../src/entries/analysis.js'
import { wordsOf } from '../seen.js'

const truth = ({ workers }: { workers: number }) => ({
  totalMs: 2000 + 3000 / workers,
  insertMs: 1000,
  onCore: 1 / workers,
})
const study = simulateStudy({ workers: [1, 2, 4], truth })
const unread = simulateStudy({
  truth,
  change: (trial) => ({ ...trial, waits: null, missing: { waits: 'the probe was off' } }),
})
const withoutProc = simulateStudy({
  truth,
  change: (trial) => ({ ...trial, backendCpuMs: null, backendQueueMs: null }),
})

describe('workerSecondsSeries', () => {
  it('has the true time in COPY, split by activity, and the rest as waiting for the client', () => {
    const bars = workerSecondsSeries(study)
    expect(bars.map(({ label }) => label)).toEqual(['1 worker', '2 workers', '4 workers'])
    for (const { seconds, treatment } of bars) {
      const { workers } = treatment
      expect(seconds.running).toBeCloseTo(0.8, 6)
      expect(seconds.queueing).toBeCloseTo(0.8 * (workers - 1), 6)
      expect(seconds.wal + seconds.extension).toBeCloseTo(0.2 * workers, 6)
      expect(seconds.client).toBeCloseTo(workers * (1 + 3 / workers), 6)
      expect(seconds.barrier).toBe(0)
    }
  })

  it('has the mean of the sums with an interval, and every wall time', () => {
    const [bar] = workerSecondsSeries(simulateStudy({ truth, noise: 0.1 }), { level: 0.9 })
    expect(bar!.walls.map(({ block }) => block)).toEqual([1, 2, 3, 4, 5, 6])
    expect(bar!.sum).toMatchObject({ n: 6, interval: { level: 0.9 } })
    expect(bar!.sum.value).toBeCloseTo(bar!.walls.reduce((sum, { seconds }) => sum + seconds, 0) / 6, 6)
  })

  it('leaves out treatments whose waits were not read', () => {
    expect(workerSecondsSeries(unread)).toEqual([])
  })
})

describe('plotWorkerSeconds', () => {
  it('stacks the activities in their order, those that are nothing left out, under every trial', () => {
    const { data, layout } = plotWorkerSeconds(study)
    expect(data.map(({ name }) => name)).toEqual([
      'running',
      'relation extension',
      'WAL',
      'CPU queueing',
      'waiting for the client',
      'sum of the activities, 95 % interval',
      'workers × total time of one trial',
    ])
    expect(layout.barmode).toBe('stack')
    expect(data.at(-1)!.x).toHaveLength(18)
  })

  it('gives each activity a look of its own', () => {
    const markers = plotWorkerSeconds(study)
      .data.slice(0, 5)
      .map(({ marker }) => JSON.stringify(marker))
    expect(new Set(markers).size).toBe(5)
  })

  it('says where queueing could not be separated from running', () => {
    expect(plotWorkerSeconds(withoutProc).data[0]!.name).toBe('running or CPU queueing')
  })

  it('says why it is empty, and what is left out', () => {
    expect(wordsOf(plotWorkerSeconds(unread))).toContain('Nothing to draw: the probe was off.')
    const some = simulateStudy({ truth, change: (trial) => (trial.treatment.workers === 2 ? trial : null) })
    expect(wordsOf(plotWorkerSeconds(some))).toContain('Left out: 1 treatment without a completed trial')
  })
})
