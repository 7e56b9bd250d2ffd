import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, loopback } from '../../free-port.js'
import { displayPath } from '../../project.js'
import { DatabaseError } from '../errors.js'
import type { Binaries } from './binaries.js'
import { type Guarded, spawnGuarded } from './guardian.js'
import type { Identity } from './identity.js'
import { diskFull, endedByFullDisk, isDiskFull, logTail } from './log-tail.js'
import { stopOrphans } from './orphan.js'

export interface PostmasterOptions {
  readonly data: string
  readonly log: string
  readonly binaries: Binaries
  readonly identity: Identity
  readonly settings: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A running server and the port it listens on, on 127.0.0.1. */
export interface Postmaster extends Guarded {
  readonly port: number
}

const attempts = 5
const pollMs = 20
/**
 * Time that a server may take to start: one that was killed during heavy writing has to replay its
 * WAL.
 */
const startPatienceMs = 600_000

/**
 * Starts PostgreSQL on a free port and waits until it accepts connections. Throws `DatabaseError`
 * with the end of its log.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const program = launch(options, port)
    const outcome = await readiness(program, join(options.data, 'postmaster.pid'), port, options.signal)
    if (outcome === 'ready') return { ...program, port, stop: (signal) => stopWhole(program, options.data, signal) }
    await program.stop(options.signal)
    options.signal?.throwIfAborted()
    const lastLines = logTail(options.log)
    // Both are temporary: another program took the port first, or a server left by an earlier run
    // was not visible yet.
    const transient = /could not create any TCP\/IP sockets|lock file ".*" already exists|shared memory block .* in use/
    if (attempt < attempts && transient.test(lastLines)) await stopOrphans(options.data, options.signal)
    else
      throw new DatabaseError(
        `The embedded PostgreSQL did not start (${outcome}): ${remedy(lastLines, options)}\n${lastLines}`,
      )
  }
}

/** Stops the server, also where its guardian, or a part of it, was killed. */
async function stopWhole(program: Guarded, data: string, signal?: AbortSignal): Promise<void> {
  await program.stop(signal)
  if (!signal?.aborted) await stopOrphans(data)
}

function launch({ data, log, binaries, identity, settings }: PostmasterOptions, port: number): Guarded {
  const fixed = { listen_addresses: loopback, port: String(port), unix_socket_directories: '' }
  const options = Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const file = openSync(log, 'w', 0o600)
  try {
    return spawnGuarded([binaries.postgres, '-D', data, ...options], identity, file)
  } finally {
    closeSync(file)
  }
}

/** Waits for the server: 'ready', or how the program ended, or 'aborted'. */
async function readiness(program: Guarded, pidFile: string, port: number, signal?: AbortSignal): Promise<string> {
  for (const begun = performance.now(); ; ) {
    const end = program.end()
    if (end !== null) return end
    if (signal?.aborted) return 'aborted'
    if (isReady(pidFile, port)) return 'ready'
    if (performance.now() - begun > startPatienceMs) return `not ready within ${startPatienceMs / 1000} s`
    await Promise.race([delay(pollMs), program.ended])
  }
}

/**
 * Whether the server is ready. PostgreSQL writes its state into the lock file: the fourth line is
 * the port, the eighth says "ready" (miscadmin.h, LOCK_FILE_LINE_*).
 */
function isReady(pidFile: string, port: number): boolean {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n')
    return lines[3] === String(port) && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

function remedy(lastLines: string, { data, log }: PostmasterOptions): string {
  if (
    /unrecognized configuration parameter|invalid value for parameter|outside the valid range|is not compatible/.test(
      lastLines,
    )
  ) {
    return 'correct `settings`'
  }
  if (isDiskFull(lastLines) || endedByFullDisk(log)) return diskFull(join(data, '..', '..'))
  if (/Cannot allocate memory|could not (map|create) .*shared memory/.test(lastLines)) {
    return 'lower `shared_buffers` in `settings`, or free some memory'
  }
  return `remove ${displayPath(join(data, '..', '..'))} (it holds no results) to have the server created again, or use compose() or url()`
}
