import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unwritable } from '../../writable.js'
import { DatabaseError } from '../errors.js'
import type { Binaries } from './binaries.js'
import { spawnGuarded } from './guardian.js'
import { giveTo, type Identity } from './identity.js'
import { diskFull, isDiskFull, logTail } from './log-tail.js'
import { stopOrphans } from './orphan.js'
import type { UseOptions } from './server.js'

/** A PostgreSQL cluster on disk and the password of its one user, `copylab`. */
export interface Cluster {
  readonly data: string
  readonly password: string
}

/**
 * Returns the slot's cluster for this version and machine; creates it when there is none, or none
 * with its password. It appears by a rename, so it is complete or absent. Servers of any version
 * that an earlier run left running in the slot are ended first.
 */
export async function readyCluster(
  slot: string,
  binaries: Binaries,
  identity: Identity,
  { signal, onStep }: UseOptions,
): Promise<Cluster> {
  const machine = `${process.platform}-${process.arch}`
  const folder = join(slot, `postgresql-${binaries.majorVersion}-${machine}`)
  const data = join(folder, 'data')
  for (const name of readdirSync(slot)) {
    if (/^postgresql-\d+-/.test(name) && name.endsWith(machine)) await stopOrphans(join(slot, name, 'data'), signal)
    if (name.startsWith('new-')) rmSync(join(slot, name), { recursive: true, force: true, maxRetries: 5 })
  }
  const existing = readPassword(folder)
  if (existing !== null) return { data, password: existing }

  onStep?.('creating a PostgreSQL cluster')
  rmSync(folder, { recursive: true, force: true })
  const draft = join(slot, `new-${randomUUID()}`)
  try {
    mkdirSync(draft, { mode: 0o700 })
    const password = randomBytes(24).toString('hex')
    writeFileSync(join(draft, 'password'), `${password}\n`, { mode: 0o600 })
    if (identity.user.uid !== undefined) await giveTo(identity, draft)
    await initialise(draft, binaries, identity, signal)
    renameSync(draft, folder)
    return { data, password }
  } catch (error) {
    throw unwritable(folder, error)
  } finally {
    rmSync(draft, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * Runs initdb. The locale C sorts by byte value and needs nothing of the operating system, so an
 * index on text costs and orders the same on every machine; the text itself is UTF-8. initdb syncs
 * its files: that is 50 ms, and a cluster damaged by a power cut would be used again.
 */
async function initialise(
  folder: string,
  { initdb }: Binaries,
  identity: Identity,
  signal: AbortSignal | undefined,
): Promise<void> {
  const logPath = join(folder, 'initdb.log')
  const log = openSync(logPath, 'w', 0o600)
  const command = [
    initdb,
    `--pgdata=${join(folder, 'data')}`,
    '--username=copylab',
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ]
  const program = spawnGuarded(command, identity, log)
  closeSync(log)
  let abort = (): void => {}
  const given = new Promise<null>((resolve) => {
    abort = () => void program.stop(signal).then(() => resolve(null))
  })
  signal?.addEventListener('abort', abort)
  try {
    const end = await Promise.race([program.ended, given])
    signal?.throwIfAborted()
    if (end !== 'exit code 0') {
      const lastLines = logTail(logPath)
      const remedy = isDiskFull(lastLines)
        ? diskFull(dirname(folder))
        : 'correct what its last lines report, or use compose() or url()'
      throw new DatabaseError(`The embedded PostgreSQL could not be set up (initdb: ${end}): ${remedy}\n${lastLines}`)
    }
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** Reads the password of a cluster; null when there is none, or an incomplete one. */
function readPassword(folder: string): string | null {
  try {
    return /^([0-9a-f]{48})\n$/.exec(readFileSync(join(folder, 'password'), 'utf8'))?.[1] ?? null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
