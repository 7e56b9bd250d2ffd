import pg from 'pg'
import { makeRandom, type Random } from '#copylab/analysis/statistics/numerics/random.js'
import { drawMoment } from './drawn-moment.js'
import type { RunningServer } from './running-server.js'
import { leftOn } from './server-left.js'
import { type DrawnFault, type FaultOptions, type FaultsTried, tryFaults } from './try-faults.js'

/**
 * How a server is restarted: as `pg_ctl restart` does it in its three modes, or by itself after one
 * of its processes was killed.
 */
export type RestartKind = 'fast' | 'immediate' | 'smart' | 'crash'

interface Restart extends DrawnFault {
  readonly kind: RestartKind
}

const kinds: readonly RestartKind[] = ['fast', 'immediate', 'smart', 'crash']
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT', smart: 'SIGTERM' } as const

const drawRestart = (random: Random, k: number): Restart => ({
  kind: kinds[k % kinds.length]!,
  moment: drawMoment(random),
})

/** Restarts a server at drawn moments of studies on it, one after the other. */
export async function tryRestarts(server: RunningServer, options: FaultOptions): Promise<FaultsTried> {
  const { moments, seed, trouble } = options
  const random = makeRandom(seed)
  let crashing: Promise<void> = Promise.resolve()
  const tried = await tryFaults(
    Array.from({ length: moments }, (_, k) => drawRestart(random, k)),
    {
      name: 'restarts',
      lanes: 1,
      direct: server.connection,
      strike({ kind }) {
        if (kind === 'crash') crashing = killOne(server)
        else server.signal(signals[kind])
      },
      async after() {
        await crashing
        await server.restarted()
      },
    },
    options,
  )
  await leftOn(server.connection()!, trouble)
  return tried
}

/** Kills one of the backends that serve copylab. */
async function killOne(server: RunningServer): Promise<void> {
  const client = new pg.Client(server.connection()!.config)
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE starts_with(application_name, 'copylab/') ORDER BY backend_start DESC LIMIT 1",
  )
  if (rows[0]) process.kill(rows[0].pid, 'SIGKILL')
  await client.end().catch(() => {})
}
