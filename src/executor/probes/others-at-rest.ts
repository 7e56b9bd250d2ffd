import os from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { withClient } from '../connect.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Connection } from '../server/server.js'
import { type HostUse, othersBetween, readHostUse, refusalOfOthers } from './others.js'

/** Use of a machine's cores by others while copylab and its server were idle. */
export interface OthersAtRest {
  /** Cores that they kept busy on average. */
  readonly used: number
  readonly cores: number
  readonly ms: number
  /**
   * Reason why the server's own work, and that of its host, cannot be separated from others'; null
   * where it can.
   */
  readonly refusal: string | null
}

const restMs = 2_000

/**
 * Sleeps for two seconds and returns the use of the cores by others meanwhile, without the server's
 * processes; where they cannot be separated, the use of the client's machine by everything that
 * runs there.
 */
export async function othersAtRest(connection: Connection, signal?: AbortSignal): Promise<OthersAtRest> {
  const cores = os.cpus().length
  return withClient(
    ownConfig(connection, 'copylab/rest'),
    async (client) => {
      const refusal = connection.facts.procRefusal ?? (await refusalOfOthers(client))
      const read = async (): Promise<HostUse | null> => (refusal === null ? readHostUse(client) : readOwnMachine())
      const [before, begin] = [await read(), performance.now()]
      await setTimeout(restMs, null, { signal })
      const [after, ms] = [await read(), performance.now() - begin]
      const share = before && after ? othersBetween(before, after) : null
      return { used: (share ?? 0) * cores, cores, ms, refusal }
    },
    { signal },
  )
}

/** The client's machine, as Node.js reads it on any system. */
function readOwnMachine(): HostUse {
  const { user, system } = process.cpuUsage()
  const cores = os.cpus().map(({ times }) => ({
    totalMs: Object.values(times).reduce((sum, ms) => sum + ms, 0),
    idleMs: times.idle,
  }))
  const totalMs = cores.reduce((sum, core) => sum + core.totalMs, 0)
  const idleMs = cores.reduce((sum, core) => sum + core.idleMs, 0)
  return { totalMs, busyMs: totalMs - idleMs, ownMs: (user + system) / 1000 }
}
