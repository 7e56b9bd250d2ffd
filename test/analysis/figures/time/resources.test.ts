import { describe, expect, it } from 'vitest'
import { plainText } from '../../../../src/analysis/figures/drawing/figure.js'
import { resourceSeries } from '../../../../src/analysis/figures/time/resource-series.js'
import { simulateStudy } from '../../../../src/analysis/simulate/simulate-study.js'
import { plotResources } from '../../../../src/entries/analysis.js'
import { wordsOf } from '../seen.js'

const truth = () => ({ totalMs: 7000, insertMs: 2000 })
const study = simulateStudy({ workers: [1, 4], blocks: 3, truth })
const withoutServer = simulateStudy({
  truth,
  change: (trial) => ({ ...trial, serverSeries: null, missing: { backends: 'no server behind it' } }),
})

describe('resourceSeries', () => {
  it('has the cores in use by differences of CPU time, and memory in MiB', () => {
    for (const { clientCores, backendCores, clientMiB, backendMiB, connections, label } of resourceSeries(study)) {
      const workers = label === '4 workers' ? 4 : 1
      expect(clientCores!.values).toHaveLength(8)
      for (const cores of clientCores!.values) expect(cores).toBeCloseTo(0.7, 9)
      for (const cores of backendCores!.values) expect(cores).toBeCloseTo((workers * 2000 * 0.8) / 7000, 9)
      expect(clientMiB!.values).toEqual([110, 111, 112, 113, 114, 115, 116, 117])
      expect(backendMiB!.values[0]).toBe(8 * workers)
      expect(connections!.values.at(-1)).toBe(workers)
    }
  })

  it('counts the connections of all clients where some trial does not tell the workers’ apart', () => {
    const older = simulateStudy({
      workers: [1, 4],
      blocks: 1,
      truth,
      change: (trial) =>
        trial.treatment.workers === 1
          ? { ...trial, serverSeries: { ...trial.serverSeries!, workerConnections: [], ownConnections: [] } }
          : trial,
    })
    expect(resourceSeries(older)).toMatchObject([
      { connectionsOf: 'all clients', furtherConnections: null },
      { connectionsOf: 'all clients', furtherConnections: { own: 2, others: 0 } },
    ])
    for (const { connections, label } of resourceSeries(older))
      expect(connections!.values.at(-1)).toBe(label === '4 workers' ? 6 : 3)
    expect(wordsOf(plotResources(older))).not.toContain('Not among')
    expect(JSON.stringify(plotResources(older).layout.annotations)).toContain('of all clients, copylab’s own too')
  })

  it('averages over stretches that the resolution of CPU times allows', () => {
    const atMs = Array.from({ length: 200 }, (_, k) => 10 * k)
    const fine = simulateStudy({
      workers: [1],
      blocks: 1,
      truth: () => ({ totalMs: 2000 }),
      // A whole tick of 10 ms at every second look: half a core.
      change: (trial) => ({
        ...trial,
        clientSeries: { atMs, rssBytes: atMs.map(() => 2 ** 20), cpuMs: atMs.map((_, k) => 10 * Math.floor(k / 2)) },
      }),
    })
    const { clientCores } = resourceSeries(fine)[0]!
    expect(clientCores!.atMs.length).toBeLessThan(12)
    for (const cores of clientCores!.values) expect(cores).toBeCloseTo(0.5, 1)
  })

  it('is null where nothing was read, with the reason', () => {
    expect(resourceSeries(withoutServer)[0]).toMatchObject({
      backendCores: null,
      connections: null,
      reasons: { backendCores: 'no server behind it', connections: 'no server behind it' },
    })
    const withoutProc = simulateStudy({
      truth,
      change: (trial) => ({
        ...trial,
        serverSeries: { ...trial.serverSeries!, backendCpuMs: [], backendPssBytes: [], hostBusy: [] },
        missing: { backends: 'no /proc' },
      }),
    })
    const [one] = resourceSeries(withoutProc)
    expect(one).toMatchObject({ backendCores: null, backendMiB: null, reasons: { backendCores: 'no /proc' } })
    expect(one!.connections).not.toBeNull()
  })
})

describe('plotResources', () => {
  it('has a panel per quantity on one axis of time, named once in the legend', () => {
    const { data, layout } = plotResources(study)
    expect(data.map(({ yaxis }) => yaxis)).toEqual(['y', 'y', 'y2', 'y2', 'y3', 'y3', 'y4', 'y4', 'y5', 'y5'])
    expect(data.filter(({ showlegend }) => showlegend)).toHaveLength(2)
    expect(layout.xaxis).toMatchObject({ anchor: 'y5' })
  })

  it('shows when indexes were made after the load, where the readings have ended, and says so', () => {
    const after = simulateStudy({
      workers: [1],
      vary: (treatment) => [
        { ...treatment, indexBuild: 'before' },
        { ...treatment, indexBuild: 'after' },
      ],
      truth,
      change: (trial) =>
        trial.treatment.indexBuild === 'after' ? { ...trial, indexMs: 1500, totalMs: trial.totalMs + 1500 } : trial,
    })
    const [before, one] = resourceSeries(after)
    expect(before!.indexing).toBeNull()
    expect(one!.indexing!.toMs - one!.indexing!.fromMs).toBe(1500)
    expect(one!.clientCores!.atMs.at(-1)).toBeLessThanOrEqual(one!.indexing!.fromMs)
    const figure = plotResources(after)
    const last = figure.data.filter(({ yaxis }) => yaxis === 'y6')
    expect(last).toMatchObject([{ name: plainText(one!.label), showlegend: false }])
    const [from, to] = last[0]!.x as [number, number]
    expect(to - from).toBeCloseTo(1.5, 3)
    expect(figure.layout.xaxis).toMatchObject({ anchor: 'y6' })
    expect(wordsOf(figure)).toContain('Read until the last COPY is committed;')
    expect(figure.layout.annotations).toHaveLength(6)
    expect(JSON.stringify(figure.layout.annotations)).toContain('being made, after the load')
    expect(wordsOf(plotResources(study))).not.toContain('indexes')
  })

  it('draws the connections of the workers, and says how many others there were', () => {
    const figure = plotResources(study)
    expect(JSON.stringify(figure.layout.annotations)).toContain('workers’ connections')
    expect(figure.data.filter(({ yaxis }) => yaxis === 'y5').map(({ y }) => (y as number[]).at(-1))).toEqual([1, 4])
    expect(wordsOf(figure)).toMatch(
      /up to 2 of copylab’s own, which control and observe the trial,\s+and up to 0 of others\./,
    )
  })

  it('leaves out panels without readings and says why', () => {
    const figure = plotResources(withoutServer)
    expect(new Set(figure.data.map(({ yaxis }) => yaxis))).toEqual(new Set(['y', 'y2']))
    expect(wordsOf(figure)).toContain('(no server behind it)')
  })
})
