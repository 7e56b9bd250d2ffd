import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import type { Variant } from '../rounds/contestant.js'
import type { FindPeer, LoadingArena } from './peer.js'
import { outputOf } from './programs.js'

const name = 'pgloader'

/** The loader in Common Lisp: one reader of one file, several writers. */
export const findPgloader: FindPeer<LoadingArena> = async () => {
  const said = await outputOf('pgloader', ['--version'])
  if (said === null) {
    return {
      state: 'missing',
      name,
      reason: 'there is no pgloader on the PATH',
      remedy: 'install it (Debian: apt-get install pgloader)',
    }
  }
  return {
    state: 'found',
    name,
    versions: { pgloader: /version "(.+)"/.exec(said)?.[1] ?? 'unknown' },
    contestant: (arena) => ({
      name,
      kind: 'peer',
      clock: 'as it reports it, from the start of its COPY threads to the end of the last; program started before',
      settings: {
        batchSize,
        format: 'text, which it reads twice as fast as csv',
        input: 'one file',
        workersAre: 'writers (concurrency) and one reader',
      },
      variants: workerCounts.map(
        (workers): Variant => ({
          workers,
          settings: {},
          run: () => arena.bench.load(() => loadText(arena, workers)),
        }),
      ),
    }),
  }
}

/**
 * Returns the time in milliseconds that pgloader itself reports, from the start of its threads to
 * the end of the last one. The address holds no password: pgloader takes it from PGPASSWORD.
 */
async function loadText({ bench, payload, programs }: LoadingArena, writers: number): Promise<number> {
  const { user, host, port, database } = bench.connection.config
  const summary = join(payload.folder, 'pgloader.json')
  const options = [`batch rows = ${batchSize}`, `workers = ${writers + 1}`, `concurrency = ${writers}`]
  await programs.run('pgloader', [
    '--quiet',
    '--on-error-stop',
    `--root-dir=${join(payload.folder, 'pgloader')}/`,
    `--summary=${summary}`,
    '--type=copy',
    ...bench.columns.split(', ').flatMap((column) => ['--field', column]),
    ...options.flatMap((option) => ['--with', option]),
    payload.whole.text,
    `postgresql://${user}@${host}:${port}/${database}?tablename=${bench.schema}.records`,
  ])
  // Not JSON.parse: pgloader 3.6 leaves out the value of the table's name.
  const seconds = /"COPY Threads Completion"[^}]*"SECS":([\d.]+)/.exec(readFileSync(summary, 'utf8'))?.[1]
  if (seconds === undefined) throw new Error('pgloader wrote no time of its COPY threads into its summary')
  return Number(seconds) * 1000
}
