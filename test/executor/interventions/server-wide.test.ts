import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStudy } from '../../../src/entries/analysis.js'
import {
  type CompletedTrial,
  embedded,
  type Progress,
  runStudy,
  type Server,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { withClient } from '../../../src/executor/connect.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab settings '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  name: 'made',
  server: embedded(),
  input: synthetic({ records: 4_000, width: 60 }),
  factors: {
    batchSize: 1_000,
    settings: { default: {}, big: { wal_buffers: '16MB', shared_buffers: '262144kB', work_mem: '5MB' } },
  },
  blocks: 2,
  warmUpBlocks: 0,
  folder,
  ...changes,
})

/** The embedded server, and what it says of itself whenever it is used. */
function watched(): { readonly server: Server; readonly said: Record<string, string>[] } {
  const said: Record<string, string>[] = []
  const own = embedded()
  const server: Server = {
    ...own,
    use: (task, given) =>
      own.use(async (connection) => {
        const { rows } = await withClient(connection.config, (client) =>
          client.query(
            `SELECT current_setting('shared_buffers') AS shared, current_setting('wal_buffers') AS wal, pg_postmaster_start_time()::text AS started`,
          ),
        )
        said.push(rows[0])
        return task(connection)
      }, given),
  }
  return { server, said }
}

const completed = (trials: readonly { readonly state: string }[]): CompletedTrial[] =>
  trials.filter(({ state }) => state === 'completed') as CompletedTrial[]

describe('settings of the whole server', () => {
  it.each([
    ['in one session', {}, 1],
    ['in sessions', { sessions: 2 }, 2],
  ])('are those of the server that each trial follows the start of, %s', async (_, more, sessions) => {
    const { server, said } = watched()
    const study = await runStudy(options({ server, ...more }))
    const trials = completed(study.trials)
    expect(trials).toHaveLength(4)
    expect(study.contexts).toHaveLength(sessions)
    for (const { serverLevels, server } of study.contexts) {
      expect(serverLevels).toEqual({ big: { wal_buffers: '16MB', shared_buffers: '256MB' } })
      expect(server.settings.shared_buffers).toBe('128MB')
    }
    // A server reads its configuration once, when it starts.
    expect(new Set(trials.map(({ configurationLoadedAt }) => configurationLoadedAt)).size).toBe(4)
    const ofTrials = said.slice(-trials.length)
    if (sessions === 1) {
      expect(ofTrials.map(({ shared }) => shared)).toEqual(
        trials.map(({ treatment }) => (treatment.settings === 'big' ? '256MB' : '128MB')),
      )
      expect(new Set(said.map(({ started }) => started)).size).toBe(said.length)
    }
    expect(checkStudy(study).map(({ code }) => code)).not.toContain('settings-changed')
    await embedded().use((connection) =>
      withClient(connection.config, async (client) => {
        const { rows } = await client.query("SELECT current_setting('shared_buffers') AS shared")
        expect(rows).toEqual([{ shared: '128MB' }])
      }),
    )
  })

  it('leave settings of connections to these', async () => {
    const { server, said } = watched()
    const factors = { batchSize: 1_000, settings: { slow: { commit_delay: '1000', commit_siblings: '0' } } }
    const { contexts, trials } = await runStudy(options({ server, factors }))
    expect(contexts[0]!.serverLevels).toBeNull()
    expect(completed(trials)).toHaveLength(2)
    expect(said).toHaveLength(1)
  })

  it('follow an unmeasured load in each trial', async () => {
    const seen: string[] = []
    const own = embedded()
    const server: Server = {
      ...own,
      use: (task, given) =>
        own.use(async (connection) => {
          const result = await task(connection)
          await withClient(connection.config, async (client) => {
            const { rows } = await client.query(
              'SELECT (tup_inserted > 0) AS loaded, tup_inserted::int AS rows FROM pg_stat_database WHERE datname = current_database()',
            )
            seen.push(String(rows[0].rows))
          })
          return result
        }, given),
    }
    await embedded().use((connection) =>
      withClient(connection.config, async (client) => void (await client.query('SELECT pg_stat_reset()'))),
    )
    const study = await runStudy(options({ server, blocks: 1 }))
    const counts = seen.map(Number)
    const perTrial = counts.slice(-2).map((count, k) => count - counts[counts.length - 3 + k]!)
    expect(completed(study.trials)).toHaveLength(2)
    for (const rows of perTrial) expect(rows).toBeGreaterThanOrEqual(8_000)
  })

  it.each([
    [
      'a value that it does not start with',
      { shared_buffers: '12' },
      /does not start with the settings `bad` \(shared_buffers = 12\)/,
    ],
    ['a setting that is not there', { shared_bufers: '1GB' }, /refuses the settings `bad`.*unrecognized/],
    ['a setting that embedded() makes', { port: '1' }, /without `port`/],
    ['a setting that nobody can make', { block_size: '4096' }, /`bad` have block_size, which nobody can set/],
  ])('end the study before its first trial by %s', async (_, bad, message) => {
    const trials: Progress[] = []
    const onProgress = (progress: Progress): void => void (progress.trial && trials.push(progress))
    const factors = { batchSize: 1_000, settings: { default: {}, bad } }
    await expect(runStudy(options({ factors, onProgress }))).rejects.toThrow(message)
    expect(trials).toEqual([])
  })

  it('are refused of a server that copylab did not start', async () => {
    const own = embedded()
    const server: Server = {
      ...own,
      use: (task, given) =>
        own.use((connection) => task({ ...connection, facts: { ...connection.facts, kind: 'url' } }), given),
    }
    await expect(runStudy(options({ server }))).rejects.toThrow(
      /`big` have (wal_buffers|shared_buffers), which the whole server .* copylab did not start that server: take the embedded one/,
    )
  })
})

describe("checkpoints: 'steady'", () => {
  const factors = (max: string) => ({
    batchSize: 10_000,
    checkpoints: 'steady' as const,
    settings: { small: { max_wal_size: max, min_wal_size: '32MB' } },
  })
  // WAL for eight checkpoints, since a busy machine is slow to end one.
  const input = synthetic({ records: 300_000, width: 400 })

  it('has checkpoints in each trial, which leave no block out', async () => {
    const study = await runStudy(
      options({
        input,
        factors: { ...factors('32MB'), workers: [1, 2] },
        blocks: 1,
        primary: { a: { workers: 1 }, b: { workers: 2 }, claim: { lessBy: [0, null] } },
      }),
    )
    const trials = completed(study.trials)
    expect(trials).toHaveLength(2)
    for (const { checkpoints } of trials) expect(checkpoints).toBeGreaterThanOrEqual(2)
    expect(checkStudy(study).map(({ code }) => code)).not.toContain('checkpoint-in-trial')
  })

  it('fails a trial that is too short, and says how long it must be', async () => {
    await expect(
      runStudy(
        options({ input: synthetic({ records: 10_000, width: 100 }), factors: factors('64MB'), warmUpBlocks: 1 }),
      ),
    ).rejects.toThrow(
      /at least 2 checkpoints .* and 0 did: it wrote \d MB of WAL, and a checkpoint begins after 34 MB \(max_wal_size 64MB\), load at least [\d,]+ records/,
    )
  })

  it('fails a trial whose checkpoints were not read', async () => {
    await expect(
      runStudy(options({ input, factors: factors('32MB'), warmUpBlocks: 1, probes: { walIo: false } })),
    ).rejects.toThrow(/leave the probe `walIo` on/)
  })
})
