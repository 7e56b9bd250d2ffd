import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CompletedTrial,
  type Factors,
  InterventionError,
  runStudy,
  runTrial,
  synthetic,
  type Trial,
} from '../../../src/entries/executor.js'
import { type Relay, withRelay } from '../../../src/executor/interventions/relay/relay.js'
import { checkRoundTrip, type MeasuredRelay } from '../../../src/executor/interventions/relay/round-trip.js'
import { defaultTreatment } from '../../../src/study/treatment.js'
import { useRunningServer } from '../running-server.js'

const { server } = useRunningServer()
const input = synthetic({ records: 4_000, width: 60 })

async function completed(treatment: Factors): Promise<CompletedTrial> {
  const trial: Trial = await runTrial({ server, input, treatment })
  if (trial.state === 'failed') throw new Error(trial.error.message)
  return trial
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('roundTripMs', () => {
  it.each<[string, Factors]>([
    ['on the event loop', {}],
    ['on threads', { client: 'threads' }],
    ['with COPYs ahead', { dispatch: 'queue', copiesAhead: 2 }],
  ])('is in the time of every commit, and nothing is lost: %s', async (_, factors) => {
    const given = { workers: 2, batchSize: 1_000, ...factors }
    const direct = await completed(given)
    const trial = await completed({ ...given, roundTripMs: 20 })
    expect([trial.records, trial.checksum]).toEqual([direct.records, direct.checksum])
    expect(trial.measuredRoundTripMs).toBeGreaterThan(18)
    expect(direct.measuredRoundTripMs).toBeNull()
    const ofFirst = trial.parts.filter(({ worker }, k) => trial.parts.findIndex((one) => one.worker === worker) === k)
    // One that was sent ahead begins when the one before it was answered.
    for (const { commitMs } of factors.copiesAhead ? ofFirst : trial.parts) expect(commitMs).toBeGreaterThan(18)
  })

  it('is that of a program too, which connects to the relay', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab round trip '))
    try {
      writeFileSync(
        join(folder, 'load.sh'),
        `echo "$PGHOST $PGPORT" > '${folder}/address'\nfor f in "$@"; do psql -qc "\\copy $COPYLAB_TABLE from '$f' csv header"; done\n`,
      )
      const loader = { psql: { command: 'sh', args: [join(folder, 'load.sh'), '{files}'] } }
      const trial = await completed({ loader, workers: 1, roundTripMs: 5 })
      expect(trial.measuredRoundTripMs).toBeGreaterThan(4.5)
      expect(readFileSync(join(folder, 'address'), 'utf8')).toMatch(/^127\.0\.0\.1 \d+\n$/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is a factor of a study, whose every trial says what was measured', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab round trip '))
    try {
      const study = await runStudy({
        name: 'far',
        folder,
        server,
        input,
        factors: { workers: 2, batchSize: 1_000, roundTripMs: [0, 10] },
        blocks: 1,
        warmUpBlocks: 0,
      })
      const trials = study.trials as CompletedTrial[]
      const [near, far] = [0, 10].map((ms) => trials.find(({ treatment }) => treatment.roundTripMs === ms)!)
      expect(near!.measuredRoundTripMs).toBeGreaterThan(0)
      expect(far!.measuredRoundTripMs! - near!.measuredRoundTripMs!).toBeGreaterThan(9)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('withRelay', () => {
  const roundTripsMs = [0, 10]

  /** Runs a server that sends back what it gets. */
  async function withEcho<T>(task: (port: number) => Promise<T>): Promise<T> {
    const echo: TcpServer = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
    await new Promise<void>((ready) => echo.listen(0, '127.0.0.1', ready))
    try {
      return await task((echo.address() as { port: number }).port)
    } finally {
      echo.close()
    }
  }

  it.each(roundTripsMs)('passes all bytes on as they are, both ways, %i ms later', async (ms) => {
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, k) => (k * k) % 251))
    await withEcho((port) =>
      withRelay({ host: '127.0.0.1', port }, roundTripsMs, async (relay) => {
        const begun = performance.now()
        const got = await new Promise<Buffer>((resolve, reject) => {
          const chunks: Buffer[] = []
          connect(relay.portOf(ms), '127.0.0.1')
            .on('data', (bytes: Buffer) => chunks.push(bytes))
            .on('end', () => resolve(Buffer.concat(chunks)))
            .on('error', reject)
            .end(sent)
        })
        expect(got.equals(sent)).toBe(true)
        expect(performance.now() - begun).toBeGreaterThan(ms - 1)
      }),
    )
  })

  it('ends with its task, and then names what it was for', async () => {
    let ended: Relay | null = null
    await withEcho((port) =>
      withRelay({ host: '127.0.0.1', port }, roundTripsMs, async (relay) => {
        ended = relay
        expect(isAlive(relay.pid)).toBe(true)
        process.kill(relay.pid, 'SIGKILL')
        await expect.poll(() => isAlive(relay.pid)).toBe(false)
        expect(() => relay.portOf(10)).toThrow(
          /The relay that lengthens round trips to PostgreSQL has ended \(SIGKILL\)/,
        )
      }),
    )
    expect(ended).not.toBeNull()
    const after = await withEcho((port) => withRelay({ host: '127.0.0.1', port }, roundTripsMs, async ({ pid }) => pid))
    expect(isAlive(after)).toBe(false)
  })

  it('closes a connection to a server that is not there', async () => {
    const port = await withEcho(async (own) => own)
    await withRelay({ host: '127.0.0.1', port }, roundTripsMs, async (relay) => {
      const closed = new Promise<void>((resolve) => {
        connect(relay.portOf(10), '127.0.0.1')
          .on('error', () => {})
          .on('close', () => resolve())
      })
      await closed
    })
  })
})

describe('checkRoundTrip', () => {
  const relay: MeasuredRelay = { pid: 1, directMs: 2, portOf: () => 1 }
  const treatment = { ...defaultTreatment, roundTripMs: 20 }

  it.each([20, 22, 25, 90])('takes %i ms for 20 ms more than 2 ms, to a tenth and a millisecond', (measuredMs) => {
    checkRoundTrip(relay, treatment, measuredMs)
    checkRoundTrip(relay, defaultTreatment, measuredMs)
  })

  it.each([2, 18])('fails where %i ms were measured', (measuredMs) => {
    expect(() => checkRoundTrip(relay, treatment, measuredMs)).toThrow(InterventionError)
    expect(() => checkRoundTrip(relay, treatment, measuredMs)).toThrow(
      /^Expected round trips to take 20 ms more than the 2\.0 ms/,
    )
  })
})
