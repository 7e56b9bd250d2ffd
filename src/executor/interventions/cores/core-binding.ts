import type pg from 'pg'
import { type Cores, coresOf, coresText, sharedCores } from '../../../study/factors/cores.js'
import { InterventionError } from '../../errors.js'
import { isOwnServer } from '../../footprint/own-databases.js'
import { backendPid } from '../../load/event-loop.js'
import { numbersOf } from '../../probes/machine/machine-facts.js'
import type { Connection } from '../../server/server.js'
import { allowedCores, bindProcess, childrenOf, ownCores, parentOf } from './affinity.js'

/** What lets server and client run on certain cores. */
export interface CoreBinding {
  /** Lets all of the server's processes and the client's threads run on the cores of a level. */
  take(level: string): Promise<void>
  /**
   * Throws `InterventionError` unless the backends of the workers and the threads of this process
   * may use the cores of the level, and no other.
   */
  check(level: string, backends: readonly number[]): void
}

/**
 * Calls `task` with a binding to cores, and lets all have the cores again that they had before.
 * Throws `InterventionError` where this is not possible: on other systems than Linux, with a server
 * that copylab has not started on this machine, and for cores that are not there.
 */
export async function withCoreBinding<T>(
  { control, connection }: { readonly control: pg.Client; readonly connection: Connection },
  levels: readonly string[],
  task: (binding: CoreBinding) => Promise<T>,
): Promise<T> {
  refuse(connection)
  const postmaster = parentOf(backendPid(control))
  if (postmaster === null) throw new InterventionError('The processes of the server are not seen in /proc')
  const before = { server: allowedCores(`/proc/${postmaster}`), client: allowedCores('/proc/self') }
  for (const level of levels) checkAllowed(level, before)
  let taken: string = sharedCores
  const coresFor = (level: string) => listsOf(coresOf(level)) ?? before
  const take = async ({ server, client }: typeof before): Promise<void> => {
    // Its children of the future have the cores of the postmaster.
    await bindProcess(postmaster, server)
    await Promise.all(childrenOf(postmaster).map((pid) => bindProcess(pid, server)))
    await bindProcess(process.pid, client)
  }
  try {
    return await task({
      async take(level) {
        if (level === taken) return
        await take(coresFor(level))
        taken = level
      },
      check(level, backends) {
        const { server, client } = coresFor(level)
        const found = {
          server: [...new Set(backends.map((pid) => allowedCores(`/proc/${pid}`)))],
          client: ownCores(),
        }
        for (const [side, asked] of Object.entries({ server, client }) as ['server' | 'client', string][]) {
          const other = found[side].find((cores) => cores !== asked)
          if (other === undefined) continue
          throw new InterventionError(
            `Expected the ${side} to run on the cores ${asked}, found it on ${other || 'none'}`,
          )
        }
      },
    })
  } finally {
    await take(before)
  }
}

function refuse({ facts }: Connection): void {
  const remedy = 'leave `cores` at shared'
  if (process.platform !== 'linux') throw new InterventionError(`Cores are taken on Linux alone: ${remedy}`)
  if (isOwnServer(facts) && facts.kind === 'embedded') return
  const why = facts.kind === 'compose' ? 'runs in a container' : 'was not started by copylab'
  throw new InterventionError(
    `The server ${why}, so that it is not copylab's to say which cores it runs on: take the embedded server, or ${remedy}`,
  )
}

function listsOf(cores: Cores | null): { readonly server: string; readonly client: string } | null {
  return cores && { server: coresText(cores.server, ','), client: coresText(cores.client, ',') }
}

/** Throws `InterventionError` for a level with cores that the process may not use. */
function checkAllowed(level: string, before: { readonly server: string; readonly client: string }): void {
  const cores = coresOf(level)
  if (cores === null) return
  for (const side of ['server', 'client'] as const) {
    const allowed = new Set(numbersOf(before[side]))
    const missing = cores[side].filter((core) => !allowed.has(core))
    if (missing.length === 0) continue
    throw new InterventionError(
      `The ${side} may use the cores ${before[side]} of this machine, and \`cores\` has ${coresText(missing, ',')} for it in ${level}: name cores that are there`,
    )
  }
}
