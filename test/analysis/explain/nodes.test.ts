import { describe, expect, it } from 'vitest'
import { waitsOfTrial } from '../../../src/analysis/explain/node-waits.js'
import { workerTime } from '../../../src/analysis/explain/worker-time.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { explain, sentencesOf } from '../../../src/entries/analysis.js'
import type { NodeReading } from '../../../src/study/readings.js'
import type { CompletedTrial } from '../../../src/study/trial.js'

const node = (name: string, role: NodeReading['role'], more: Partial<NodeReading> = {}): NodeReading => ({
  node: name,
  role,
  cpuMs: 400,
  walBytes: 3_000_000,
  checkpoints: 0,
  shardBytes: role === 'worker' ? 6_000_000 : 0,
  samples: 100,
  counts: [],
  ...more,
})

const nodes: readonly NodeReading[] = [
  node('boss:5432', 'coordinator'),
  node('one:5432', 'worker', {
    counts: [
      { event: 'idle', count: 150 },
      { event: 'IO:WalSync', count: 30 },
      { event: 'cpu', count: 20 },
    ],
  }),
  node('two:5432', 'worker', { cpuMs: null, walBytes: null, samples: null }),
]

/** Half of the time in COPY the coordinator waits for its nodes, and a quarter it works. */
function simulated(layouts: readonly string[], noise = 0.01) {
  return simulateStudy({
    workers: [2],
    batchSizes: [1000],
    blocks: 4,
    noise,
    vary: (one) => layouts.map((layout) => ({ ...one, layout })),
    truth: () => ({
      totalMs: 2000,
      insertMs: 1900,
      events: { cpu: 0.25, 'Extension:Extension': 0.5, 'Client:ClientRead': 0.25 },
      onCore: 1,
    }),
    change: (trial) =>
      trial.treatment.layout === 'spread' ? { ...trial, nodes, distributedCommitMs: 0.3 * trial.copyMs! } : trial,
  })
}

const completed = (study: ReturnType<typeof simulated>): CompletedTrial[] =>
  study.trials.filter((trial) => trial.state === 'completed')

describe('the time of a distributed table', () => {
  const study = simulated(['spread'])

  it('has the wait for nodes, and in it the distributed commit, as the samples of the nodes say', () => {
    for (const trial of completed(study)) {
      const { ms } = workerTime(trial)!
      expect(ms.distributedCommit).toBeCloseTo(0.3 * trial.copyMs!, 6)
      expect(ms.other).toBe(0)
      // All that the samples found to wait for the nodes, less the commit.
      expect((ms.distributedCommit + ms.nodes) / trial.copyMs!).toBeGreaterThan(0.45)
      const sum = Object.values(ms).reduce((total, own) => total + own, 0)
      expect(sum / workerTime(trial)!.wallMs).toBeCloseTo(1, 1)
    }
  })

  it('counts a wait for the client as one for nodes once the client has sent all', () => {
    const [trial] = completed(study)
    const all = { ...trial!, parts: trial!.parts.map((part) => ({ ...part, commitMs: part.copyMs })) }
    const none = { ...trial!, parts: trial!.parts.map((part) => ({ ...part, commitMs: 0 })) }
    expect(workerTime(all)!.clientInCopyMs).toBe(0)
    expect(workerTime(none)!.clientInCopyMs).toBeGreaterThan(0)
    expect(workerTime(all)!.ms.nodes - workerTime(none)!.ms.nodes).toBeCloseTo(workerTime(none)!.clientInCopyMs, 6)
    const plain = { ...trial!, nodes: null }
    expect(waitsOfTrial(plain)).toBe(plain.waits)
    expect(workerTime(plain)!.ms).toMatchObject({ nodes: 0, distributedCommit: 0 })
  })

  it('has every node, with what it used and what its backends did, and says so', () => {
    const spent = explain(study, { at: { workers: 2 } })
    expect(spent.nodes.map(({ node, role }) => [node, role])).toEqual(nodes.map(({ node, role }) => [node, role]))
    const [boss, one, two] = spent.nodes
    expect(boss).toMatchObject({ cpuMs: { value: 400, n: 4 }, activities: [] })
    expect(one!.activities.map(({ activity, label }) => [activity, label])).toEqual([
      ['client', 'waiting for the coordinator'],
      ['wal', 'WAL'],
      ['running', 'running or queueing for a core'],
    ])
    // 30 backends in 100 samples of two seconds.
    expect(one!.activities[1]!.ms.value / spent.totalMs!.value).toBeCloseTo(0.3, 6)
    expect(two).toMatchObject({ cpuMs: null, walBytes: null, activities: [] })
    const said = sentencesOf(spent).slice(3)
    expect(said).toEqual([
      expect.stringMatching(/^Node boss:5432 \(coordinator\): 0\.40 s of CPU.*, 3\.0 MB of WAL$/),
      expect.stringMatching(
        /^Node one:5432 \(worker\): 0\.40 s of CPU.*, 3\.0 MB of WAL, 6\.0 MB of shards; its backends spent 3\.\d+ s waiting for the coordinator.*, 0\.6\d* s WAL.*, 0\.4\d* s running or queueing/,
      ),
      'Node two:5432 (worker): 6.0 MB of shards',
    ])
  })

  it('is compared with that of a table of one server, which has no nodes', () => {
    const both = simulated(['default', 'spread'])
    const changed = explain(both, { from: { layout: 'default' }, to: { layout: 'spread' } })
    expect(changed.nodes.from).toEqual([])
    expect(changed.nodes.to.map(({ node }) => node)).toEqual(nodes.map(({ node }) => node))
    const change = (name: string): number => changed.activities.find(({ activity }) => activity === name)!.change.value
    expect(change('distributedCommit')).toBeGreaterThan(0)
    expect(change('other')).toBeLessThan(0)
    expect(sentencesOf(changed).filter((sentence) => sentence.includes('Node one:5432'))).toHaveLength(1)
    const plain = explain(simulated(['default']), { at: { workers: 2 } })
    expect(plain.activities.map(({ activity }) => activity)).not.toContain('distributedCommit')
  })
})
