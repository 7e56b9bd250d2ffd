import { performance } from 'node:perf_hooks'
import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import type { Variant } from '../rounds/contestant.js'
import type { FindPeer, LoadingArena } from './peer.js'
import { outputOf } from './programs.js'

const name = 'psql \\copy'
const formats = ['text', 'binary'] as const

/** PostgreSQL's own client: N processes, each with one connection and its share of the files. */
export const findPsql: FindPeer<LoadingArena> = async () => {
  const version = /\d[\d.]*/.exec((await outputOf('psql', ['--version'])) ?? '')?.[0]
  if (version === undefined) {
    return {
      state: 'missing',
      name,
      reason: 'there is no psql on the PATH',
      remedy: "install PostgreSQL's client programs (Debian: apt-get install postgresql-client)",
    }
  }
  return {
    state: 'found',
    name,
    versions: { psql: version },
    contestant: (arena) => ({
      name,
      kind: 'peer',
      clock: 'from the first command to the last answer; processes started and connected before',
      settings: { batchSize, batches: 'one file each', workersAre: 'processes' },
      variants: formats.flatMap((format) =>
        workerCounts.map(
          (workers): Variant => ({
            workers,
            settings: { format },
            run: () => arena.bench.load(() => copyByProcesses(arena, format, workers)),
          }),
        ),
      ),
    }),
  }
}

/** Returns the time in milliseconds. Warnings of psql are printed on standard error at once. */
async function copyByProcesses(
  { bench, payload, programs }: LoadingArena,
  format: (typeof formats)[number],
  processes: number,
): Promise<number> {
  const shares = Array.from({ length: processes }, (_, k) =>
    payload[format].filter((_, part) => part % processes === k),
  )
  const sessions = shares.map(() => programs.start('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], 'stderr'))
  await Promise.all(
    sessions.map(async (session) => {
      session.say('\\warn ready')
      await expect(session.hear(), 'ready')
    }),
  )
  const start = performance.now()
  await Promise.all(
    sessions.map(async (session, k) => {
      for (const file of shares[k]!) {
        session.say(
          `\\copy ${bench.table} (${bench.columns}) from '${file.replaceAll("'", "''")}' with (format ${format})`,
        )
      }
      session.say('\\warn done')
      await expect(session.hear(), 'done')
    }),
  )
  const ms = performance.now() - start
  await Promise.all(sessions.map((session) => session.finish()))
  return ms
}

async function expect(heard: Promise<string>, wanted: string): Promise<void> {
  const line = await heard
  if (line !== wanted) throw new Error(`psql answered with: ${line}`)
}
