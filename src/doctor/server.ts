import { syncOfFiles } from '../executor/probes/machine/sync-time.js'
import { type OthersAtRest, othersAtRest } from '../executor/probes/others-at-rest.js'
import type { Connection, Server } from '../executor/server/server.js'
import { busyCores } from '../study/blocks/disturbed.js'
import { storageWords, syncWords } from '../study/context.js'
import { check, type DoctorCheck } from './check.js'

/**
 * Starts or connects to a server, and checks what it is, the doubts about it, what a study asks of
 * it, and whether other processes use its cores while it rests. Never throws.
 */
export async function serverChecks(server: Server, signal?: AbortSignal): Promise<DoctorCheck[]> {
  try {
    return await server.use(
      async (connection) => [
        ...factChecks(connection),
        await storageCheck(connection, signal),
        checkpointCheck(connection),
        await othersCheck(connection, signal),
      ],
      { signal },
    )
  } catch (error) {
    return [check('server', 'cannot be used', (error as Error).message, 'problem')]
  }
}

/**
 * One check that names the server, and one for each doubt about it: the words of a finding end in
 * its remedy.
 */
function factChecks({ facts }: Connection): DoctorCheck[] {
  const found = `${facts.kind}: PostgreSQL ${facts.version}, database ${facts.database}`
  const doubts = facts.findings.map(({ message }) => {
    const at = message.lastIndexOf(': ')
    return check('server', message.slice(0, at), message.slice(at + 2))
  })
  return [check('server', found, null), ...doubts]
}

/**
 * The check that says where the server keeps its data and, on this machine, how long a sync takes.
 */
async function storageCheck({ facts, folder }: Connection, signal?: AbortSignal): Promise<DoctorCheck> {
  const where = facts.storage ? [storageWords(facts.storage)] : []
  if (folder === undefined) return check('storage', where.join(), null)
  try {
    return check('storage', [...where, syncWords(await syncOfFiles(folder, signal))].join('; '), null)
  } catch (error) {
    const found = `how long a sync takes could not be measured (${(error as Error).message})`
    return check('storage', found, 'free some space, and make the folder data/ writable for you')
  }
}

/** The check that states what a study asks of the whole server, whoever else uses it. */
export function checkpointCheck({ facts }: Pick<Connection, 'facts'>): DoctorCheck {
  const found = facts.canCheckpoint
    ? 'a study asks this server for one CHECKPOINT before each trial, as many as it has trials; with --checkpoints none for none'
    : 'a study asks this server for none'
  return check('checkpoints', found, null)
}

async function othersCheck(connection: Connection, signal?: AbortSignal): Promise<DoctorCheck> {
  try {
    return othersWords(await othersAtRest(connection, signal))
  } catch (error) {
    const found = `what other processes use of the cores could not be read (${(error as Error).message})`
    return check('other work', found, 'run copylab doctor again; look at the machine with top')
  }
}

/**
 * The check of what other processes used, which is a warning where that is more than a study
 * tolerates.
 */
export function othersWords({ used, cores, ms, refusal }: OthersAtRest): DoctorCheck {
  const amount = `${Math.max(0, used).toFixed(1)} of ${cores} ${cores === 1 ? 'core' : 'cores'}`
  const whose = refusal === null ? 'other processes used' : 'all processes of this machine but copylab used'
  const found = `${whose} ${amount} for ${Math.round(ms / 1000)} s, while copylab and its server rested`
  return check(
    'other work',
    found,
    used > busyCores(cores, ms) ? 'end them before a study (top names them): they share its cores' : null,
  )
}
