import { type Connection, embedded, type Input, type Server, withTrials } from 'copylab/executor'
import type { BenchOptions } from '../part.js'
import type { Contestant } from '../rounds/contestant.js'
import { contestantOf, type Loader } from './loader.js'

/** Loaders on a server, ready to run. */
export interface Contest {
  readonly contestants: readonly Contestant[]
  readonly connection: Connection
}

/** Opens a session of trials of these loaders, and calls `task`. */
export function withContest<T>(
  { connection, input, loaders }: { connection: Connection; input: Input; loaders: readonly Loader[] },
  { signal }: Pick<BenchOptions, 'signal'>,
  task: (contest: Contest) => Promise<T>,
): Promise<T> {
  const server = serverOf(connection)
  const treatments = loaders.flatMap(({ variants }) => variants.map(({ treatment }) => treatment))
  return withTrials({ server, input, signal, treatments }, (run) =>
    task({ contestants: loaders.map((loader) => contestantOf(loader, run)), connection }),
  )
}

/** A server that others have started and will stop. */
export function serverOf(connection: Connection): Server {
  return { describe: () => ({ kind: connection.facts.kind }), use: (use) => use(connection) }
}

/** Starts the embedded server, which no other program uses, and stops it after the task. */
export function onServer<T>(
  { signal, progress }: Pick<BenchOptions, 'signal' | 'progress'>,
  task: (connection: Connection) => Promise<T>,
): Promise<T> {
  return embedded().use(task, { signal, onStep: progress })
}
