import { performance } from 'node:perf_hooks'
import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import type { Variant } from '../rounds/contestant.js'
import type { Arena, FilesArena, FindPeer, LoadingArena, MissingPeer } from './peer.js'
import { outputOf } from './programs.js'

const name = 'psql \\copy'
const formats = ['text', 'binary'] as const

/** PostgreSQL's own client: N processes, each with one connection and its share of the files. */
export const findPsql: FindPeer<LoadingArena> = async () => {
  const found = await findVersion()
  if (found.state === 'missing') return found
  return {
    ...found,
    contestant: (arena) => ({
      name,
      kind: 'peer',
      clock,
      settings: { batchSize, batches: 'one file each', workersAre: 'processes' },
      variants: formats.flatMap((format) =>
        workerCounts.map(
          (workers): Variant => ({
            workers,
            settings: { format },
            run: () =>
              arena.bench.load(() => copyByProcesses(arena, arena.payload[format], `format ${format}`, workers)),
          }),
        ),
      ),
    }),
  }
}

/** PostgreSQL's own client with CSV files, which the server parses. */
export const findPsqlOfFiles: FindPeer<FilesArena> = async () => {
  const found = await findVersion()
  if (found.state === 'missing') return found
  return {
    ...found,
    contestant: (arena) => ({
      name: `${name}, ${arena.form.name}`,
      kind: 'peer',
      clock,
      settings: { format: 'csv', workersAre: 'processes' },
      variants: workerCounts.map(
        (workers): Variant => ({
          workers,
          settings: {},
          run: () =>
            arena.bench.load(() => copyByProcesses(arena, arena.form.files, 'format csv, header true', workers)),
        }),
      ),
    }),
  }
}

const clock = 'from the first command to the last answer; processes started and connected before'

async function findVersion(): Promise<
  { readonly state: 'found'; readonly name: string; readonly versions: Readonly<Record<string, string>> } | MissingPeer
> {
  const version = /\d[\d.]*/.exec((await outputOf('psql', ['--version'])) ?? '')?.[0]
  if (version !== undefined) return { state: 'found', name, versions: { psql: version } }
  return {
    state: 'missing',
    name,
    reason: 'there is no psql on the PATH',
    remedy: "install PostgreSQL's client programs (Debian: apt-get install postgresql-client)",
  }
}

/** Returns the time in milliseconds. Warnings of psql are printed on standard error at once. */
async function copyByProcesses(
  { bench, programs }: Arena,
  files: readonly string[],
  options: string,
  processes: number,
): Promise<number> {
  const shares = Array.from({ length: processes }, (_, k) => files.filter((_, part) => part % processes === k))
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
        session.say(`\\copy ${bench.table} (${bench.columns}) from '${file.replaceAll("'", "''")}' with (${options})`)
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
