import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, embedded } from 'copylab/executor'
import pg from 'pg'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'
import { type Endurance, shareOf } from '../endurance.js'
import { leftOn } from './server-left.js'
import { noTrouble, type TroubleCounts, troubleLines } from './trouble.js'
import { type DrawnFault, type FaultOptions, type FaultsTried, shownTried, tryFaults } from './try-faults.js'

/** How a worker's connection is lost: by the network, in good order, or by the server. */
export type KilledBy = 'reset' | 'end' | 'terminate'

interface Killed extends DrawnFault {
  readonly kind: KilledBy
  /** For how long the server's answers are held back before: COPYs are sent meanwhile. */
  readonly heldMs: number
}

const kinds: readonly KilledBy[] = ['reset', 'end', 'terminate']

/** Moments of a whole run. */
const full = 240

/**
 * Kills workers' connections at drawn moments of studies whose workers send COPYs ahead. The
 * server's answers are held back for a moment before, so that it runs, and commits, COPYs of which
 * the client is not told.
 */
export async function tryCopiesAhead(server: Connection, options: FaultOptions): Promise<FaultsTried> {
  const random = makeRandom(options.seed)
  const faults = Array.from({ length: options.moments }, (_, k): Killed => {
    const moment = { part: 'trials', role: 'worker', counted: 'bytes', share: random.uniform() } as const
    return { kind: kinds[k % kinds.length]!, moment, heldMs: Math.round(40 * random.uniform()) }
  })
  let killing: Promise<void> = Promise.resolve()
  const tried = await tryFaults(
    faults,
    {
      name: 'ahead',
      lanes: 1,
      direct: () => server,
      factors: { batchSize: 100, dispatch: 'queue', copiesAhead: 2 },
      strike({ kind, heldMs }, relay, line) {
        const release = relay.stall({ line, direction: 'down' })
        killing = pause(heldMs).then(async () => {
          if (kind === 'terminate') await terminate(server, line.far.localPort!).finally(release)
          else relay[kind]({ line })
        })
      },
      after: () => killing,
    },
    options,
  )
  await leftOn(server, options.trouble)
  return tried
}

/** Ends the backend of a connection, which is named by its port on the client's side. */
async function terminate({ config }: Connection, port: number): Promise<void> {
  const client = new pg.Client(config)
  await client.connect()
  try {
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_port = $1', [port])
  } finally {
    await client.end()
  }
}

/** What came of connections that were killed; the counts are of what must not come of it. */
export interface CopiesAheadTried extends FaultsTried, TroubleCounts {
  readonly examples: readonly string[]
}

/** Connections killed while COPYs are ahead of the server's answers. */
export const copiesAhead: Endurance<CopiesAheadTried> = {
  name: 'copies-ahead',
  title: 'Connections killed while COPYs are ahead of the answers',
  async run(options) {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-ahead-'))
    const trouble = noTrouble()
    const given = { ...options, folder: join(folder, 'studies'), trouble, moments: shareOf(full, options) }
    try {
      const tried = await embedded({ folder: join(folder, 'server') }).use((direct) => tryCopiesAhead(direct, given))
      return { ...tried, ...trouble.counts, examples: trouble.examples }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  wrong: troubleLines,
  show: (result) => shownTried('connections killed', result),
}
