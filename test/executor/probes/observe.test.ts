import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { workerTime } from '../../../src/analysis/explain/worker-time.js'
import { median } from '../../../src/analysis/statistics/numerics/quantile.js'
import {
  type CompletedTrial,
  type Probes,
  runTrial,
  synthetic,
  type Treatment,
  url,
} from '../../../src/entries/executor.js'
import { itAlone, measuredAlone } from '../../quiet-machine.js'
import { useRunningServer } from '../running-server.js'

const { server, connection, rows } = useRunningServer()
const input = synthetic({ records: 60_000, width: 120 })

async function trial(treatment: Partial<Treatment>, probes: Partial<Probes> | boolean = true): Promise<CompletedTrial> {
  const outcome = await runTrial({ server, input, treatment: { batchSize: 5_000, ...treatment }, probes })
  if (outcome.state === 'failed') throw new Error(outcome.error.message)
  return outcome
}

const sum = (values: readonly (number | null)[]): number => values.reduce<number>((all, value) => all + value!, 0)

describe('probes', () => {
  it.for([{ client: 'event-loop' as const }, { client: 'threads' as const }])(
    'a trial on $client carries what server, client and workers did',
    (treatment, context) =>
      measuredAlone(context, async () => {
        const seen = await trial({ workers: 3, ...treatment })
        expect(seen.missing).toEqual({})
        expect(seen.workerReadings.map(({ worker }) => worker)).toEqual([0, 1, 2])

        expect(seen.backendCpuMs).toBeGreaterThan(50)
        expect(seen.backendCpuMs).toBeLessThan(3 * seen.totalMs)
        expect(seen.backendCpuMs).toBeCloseTo(sum(seen.workerReadings.map((own) => own.backendCpuMs)), 6)
        for (const own of seen.workerReadings) {
          expect(own.backendPssPeakBytes).toBeGreaterThan(2 ** 20)
          expect(own.backendRssPeakBytes).toBeGreaterThan(own.backendPssPeakBytes!)
        }

        const textBytes = 60_000 * 120
        expect(seen.tableBytes).toBeGreaterThan(textBytes)
        expect(seen.walBytes).toBeGreaterThan(textBytes)
        const own = sum(seen.workerReadings.map((reading) => reading.walBytes))
        expect(own).toBeGreaterThan(0.9 * seen.walBytes!)
        expect(own).toBeLessThanOrEqual(seen.walBytes!)
        expect(seen.extendBytes).toBeGreaterThanOrEqual(seen.tableBytes!)
        expect(seen.walRecords).toBeGreaterThan(0)
        expect(seen.walRecords).toBeLessThan(60_000 * 3)
        expect(seen.walFullPages).toBeGreaterThanOrEqual(0)
        expect(seen.walSyncs).toBeGreaterThan(0)
        expect([seen.triggerMs, seen.indexSizes]).toEqual([null, null])
        expect(seen).toMatchObject({ checkpoints: 0, autovacuumSamples: 0, hostSwapPages: 0 })
        expect(Math.abs(seen.clockDriftMs!)).toBeLessThan(5)

        expect(seen.hostBusy).toBeGreaterThan(0)
        expect(seen.hostBusy).toBeLessThanOrEqual(1)
        expect(seen.clientCpuMs).toBeGreaterThan(20)
        expect(seen.eventLoopUtilisation).toBeGreaterThan(0)
        expect(seen.eventLoopUtilisation).toBeLessThanOrEqual(1)
        expect(seen.clientSeries!.atMs[0]).toBe(0)
        expect(Math.max(...seen.clientSeries!.rssBytes)).toBeLessThanOrEqual(seen.rssPeakBytes!)
        const { connections, workerConnections, ownConnections } = seen.serverSeries!
        expect(Math.max(...workerConnections)).toBe(3)
        // The control connection and the observer's.
        expect(ownConnections).toEqual(connections.map(() => 2))
        expect(connections).toEqual(workerConnections.map((workers) => workers + 2))
        expect(seen.serverSeries!.hostBusy).toHaveLength(seen.serverSeries!.atMs.length)
        expect(Math.min(...seen.serverSeries!.backendPssBytes)).toBeGreaterThan(2 ** 20)
      }),
  )

  itAlone('the samples come 10 to 20 ms apart, all through the trial, while the client is busy', async () => {
    const { waits, totalMs } = await trial({ workers: 2, secondaryIndexes: 2 })
    const { atMs, workers } = waits!.timeline!
    expect(atMs[0]).toBeLessThan(40)
    expect(atMs.at(-1)).toBeGreaterThan(totalMs - 60)
    const pause = median(atMs.slice(1).map((at, k) => at - atMs[k]!))
    expect(pause).toBeGreaterThan(10)
    expect(pause).toBeLessThan(20)
    expect(workers.map((samples) => samples.length)).toEqual([atMs.length, atMs.length])
    expect(sum(waits!.counts.map(({ count }) => count))).toBe(2 * waits!.samples)
  })

  itAlone('worker time adds up, and the samples agree with what Linux counts', async () => {
    const seen = await trial({ workers: 4, secondaryIndexes: 3 })
    const time = workerTime(seen)!
    const parts = sum(Object.values(time.ms))
    expect(parts / time.wallMs).toBeGreaterThan(0.97)
    expect(parts / time.wallMs).toBeLessThan(1.03)
    const byLinux = seen.backendCpuMs! + seen.backendQueueMs!
    expect(Math.abs(time.runnableBySamplesMs - byLinux) / time.wallMs).toBeLessThan(0.15)
  })

  it("copylab's own connections and those of others are not among those of the workers", async () => {
    const client = new pg.Client({ ...connection().config, application_name: 'copylab/another/control' })
    await client.connect()
    try {
      const { serverSeries, connections } = await trial({ workers: 2 })
      expect(connections).toBe(2)
      for (const [k, all] of serverSeries!.connections.entries()) {
        const [workers, own] = [serverSeries!.workerConnections[k]!, serverSeries!.ownConnections[k]!]
        expect([workers, own]).toEqual([2, 2])
        // A connection that ended just now may be counted for a moment.
        expect(all).toBeGreaterThanOrEqual(workers + own + 1)
      }
    } finally {
      await client.end()
    }
  })

  it('each probe can be switched off, and says so', async () => {
    const seen = await trial({ workers: 2 }, { waits: false, client: false })
    expect(seen.missing).toEqual({ waits: 'the probe was off', client: 'the probe was off' })
    expect(seen).toMatchObject({ waits: null, rssPeakBytes: null, clientSeries: null, eventLoopUtilisation: null })
    expect(seen.backendCpuMs).toBeGreaterThan(0)
    expect(seen.walBytes).toBeGreaterThan(0)
    const none = await trial({ workers: 2 }, false)
    expect(Object.keys(none.missing).sort()).toEqual(['backends', 'client', 'waits', 'walIo'])
    expect(none).toMatchObject({ backendCpuMs: null, walBytes: null, serverSeries: null, waits: null })
  })

  it('runTrial refuses a probe that does not exist', async () => {
    await expect(trial({}, { locks: true } as never)).rejects.toThrow(
      'Expected `probes` to be true, false, or to switch some of waits, backends, walIo, client, got {"locks":true}',
    )
  })
})

describe('a user who may not read files of the server', () => {
  it('gets waits, WAL and I/O, and a reason for what stays unknown', async () => {
    await rows("CREATE ROLE limited LOGIN PASSWORD 'open sesame'")
    await rows('GRANT CREATE ON DATABASE copylab TO limited')
    try {
      const { host, port, database } = connection().config
      const limited = url(`postgresql://limited:open%20sesame@${host}:${port}/${database}`)
      const facts = await limited.use(async (own) => own.facts)
      expect(facts.findings.map(({ code }) => code)).toContain('no-proc')
      const outcome = await runTrial({ server: limited, input, treatment: { workers: 2, batchSize: 5_000 } })
      if (outcome.state === 'failed') throw new Error(outcome.error.message)
      expect(outcome).toMatchObject({ backendCpuMs: null, backendPssPeakBytes: null, hostBusy: null })
      expect(outcome.missing.backends).toMatch(
        /^this user may not read files of the server: connect as a superuser, or grant/,
      )
      expect(outcome.walBytes).toBeGreaterThan(0)
      expect(outcome.waits!.samples).toBeGreaterThan(1)
      expect(outcome.serverSeries).toMatchObject({ backendCpuMs: [], hostBusy: [] })
      const time = workerTime(outcome)!
      expect(time.cpuKnown).toBe(false)
      expect(sum(Object.values(time.ms)) / time.wallMs).toBeCloseTo(1, 6)
    } finally {
      await rows('DROP OWNED BY limited; DROP ROLE limited')
    }
  })

  it('gets no waits where functions may not be created, and the reason', async () => {
    const client = new pg.Client(connection().config)
    await client.connect()
    try {
      await client.query("CREATE ROLE bare LOGIN PASSWORD 'open sesame'; GRANT CREATE ON DATABASE copylab TO bare")
      await client.query('REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC')
      const { host, port, database } = connection().config
      const bare = url(`postgresql://bare:open%20sesame@${host}:${port}/${database}`)
      const outcome = await runTrial({ server: bare, input, treatment: { workers: 2, batchSize: 5_000 } })
      if (outcome.state === 'failed') throw new Error(outcome.error.message)
      expect(outcome.waits).toBeNull()
      expect(outcome.missing.waits).toBe('the server refused: permission denied for language plpgsql')
      expect(outcome.walBytes).toBeGreaterThan(0)
      expect(workerTime(outcome)).toBeNull()
    } finally {
      await client.query('GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC; DROP OWNED BY bare; DROP ROLE bare')
      await client.end()
    }
  })
})
