import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Connection,
  DatabaseError,
  embedded,
  flights,
  type Server,
  type Treatment,
  url,
  withTrials,
} from 'copylab/executor'
import { withClient } from '#copylab/executor/connect.js'
import { connectionString } from '../../../parts/connection-string.js'
import type { EnduranceOptions } from '../../endurance.js'

/** Many workers on a server that has room for them, just enough, or one connection too few. */
export interface Width {
  readonly workers: number
  readonly cases: readonly WidthCase[]
}

/** One trial. */
export interface WidthCase {
  readonly client: Treatment['client']
  /** Whether the user may use the connections that the server reserves for superusers. */
  readonly role: 'superuser' | 'plain'
  readonly maxConnections: number
  readonly expected: 'loaded' | 'refused'
  /**
   * `failed`: the trial broke, or an error says something else than that connections are missing.
   */
  readonly outcome: 'loaded' | 'refused' | 'failed'
  /** What a refusal or a failure says; null where the records were loaded and verified. */
  readonly message: string | null
  /** Connections and schemas that are left afterwards. */
  readonly left: number
}

const workers = 64
const records = 6_400
/** The study's control connection and the observer's. */
const others = 2
const role = 'soak'

/** Room for both roles, exactly enough, and one too few; three are reserved by default. */
const rooms = [
  { role: 'superuser', maxConnections: 100, expected: 'loaded' },
  { role: 'superuser', maxConnections: workers + others, expected: 'loaded' },
  { role: 'superuser', maxConnections: workers + others - 1, expected: 'refused' },
  { role: 'plain', maxConnections: workers + others + 3, expected: 'loaded' },
  { role: 'plain', maxConnections: workers + others + 2, expected: 'refused' },
] as const satisfies readonly Pick<WidthCase, 'role' | 'maxConnections' | 'expected'>[]

/** Which of the cases are tried; all by default. */
export interface WidthOptions extends Pick<EnduranceOptions, 'progress' | 'signal'> {
  readonly role?: WidthCase['role']
}

/** Tries every case with both clients, on one cluster of its own with one start for each number. */
export async function measureWidth({ role: only, progress, signal }: WidthOptions): Promise<Width> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-width-'))
  const cases: WidthCase[] = []
  try {
    for (const room of rooms.filter((one) => only === undefined || one.role === only)) {
      const settings = { max_connections: String(room.maxConnections) }
      const run = async (connection: Connection): Promise<void> => {
        for (const client of ['event-loop', 'threads'] as const) {
          progress(`${workers} workers, ${client}, ${room.role}, max_connections ${room.maxConnections}`)
          const server = await serverFor(connection, room.role)
          const { outcome, message } = await tried(server, client, signal)
          cases.push({ client, ...room, outcome, message, left: await leftOn(connection) })
        }
      }
      await embedded({ folder, settings }).use(run, { signal, onStep: progress })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { workers, cases }
}

/**
 * The running server for a user: the superuser that it was made with, or one with the rights of a
 * study alone.
 */
async function serverFor(connection: Connection, user: WidthCase['role']): Promise<Server> {
  const { config } = connection
  if (user === 'superuser') return { describe: () => ({ kind: 'soak' }), use: (task) => task(connection) }
  const password = String(config.password)
  await withClient({ ...config, application_name: role }, async (control) => {
    const { rows } = await control.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
    if (rows.length === 0) await control.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`)
    await control.query(`GRANT CREATE ON DATABASE ${config.database} TO ${role}`)
  })
  return url(connectionString({ ...config, user: role }))
}

async function tried(
  server: Server,
  client: Treatment['client'],
  signal: AbortSignal,
): Promise<Pick<WidthCase, 'outcome' | 'message'>> {
  const treatment = { workers, client, batchSize: records / 2 }
  try {
    const trial = await withTrials({ server, input: flights({ records }), treatments: [treatment], signal }, (run) =>
      run({ treatment }),
    )
    return trial.state === 'completed' && trial.records === records
      ? { outcome: 'loaded', message: null }
      : { outcome: 'failed', message: trial.state === 'failed' ? trial.error.message : 'other records' }
  } catch (error) {
    signal.throwIfAborted()
    const { message } = error as Error
    const isClear = error instanceof DatabaseError && refusal.test(message)
    return { outcome: isClear ? 'refused' : 'failed', message }
  }
}

/** One sentence that says what is missing, and what to do. */
const refusal =
  /^The study needs \d+ connections \(\d+ for its workers, \d+ to observe them\) and .* has \d+ left: .*max_connections$/

/** Connections and schemas of copylab that are there once backends had time to end. */
async function leftOn({ config }: Connection): Promise<number> {
  return withClient({ ...config, application_name: role }, async (control) => {
    const sql = `SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())
      + (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'copylab%') AS left`
    for (const begin = performance.now(); ; ) {
      const left = Number((await control.query<{ left: string }>(sql)).rows[0]!.left)
      if (left === 0 || performance.now() - begin > patienceMs) return left
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
}

const patienceMs = 10_000

/** Cases that ended otherwise than they must, or left something. */
export function wrongWidth({ cases }: Width): string[] {
  return cases
    .filter(({ outcome, expected, left }) => outcome !== expected || left > 0)
    .map((one) => `expected ${one.expected}, ${widthText(one)}`)
}

/** "64 workers of threads, plain user, max_connections 68: refused, nothing left" */
export function widthText({ client, role: user, maxConnections, outcome, message, left }: WidthCase): string {
  const said = message === null ? '' : ` (${message})`
  return `${workers} workers, ${client}, ${user} user, max_connections ${maxConnections}: ${outcome}${said}, ${left === 0 ? 'nothing' : `${left} connections or schemas`} left`
}
