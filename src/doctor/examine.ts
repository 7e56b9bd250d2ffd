import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import { buildFindings } from '../executor/environment.js'
import type { Input } from '../executor/input/input.js'
import { runNullTrial } from '../executor/null-trial.js'
import type { Server } from '../executor/server/server.js'
import { dataFolder } from '../project.js'

/** One thing that a study needs: what was found, and what to do where that is not enough. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly found: string
  /** null when nothing is to be done. */
  readonly remedy: string | null
}

const leastFreeBytes = 2 * 1024 ** 3
const leastMemoryBytes = 2 * 1024 ** 3
const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`

/**
 * Looks at everything that a study on `server` needs, the server by starting or reaching it, and at what the client reaches with the input's records
 * when nothing takes them from it. Never throws.
 */
export async function examine(server: Server, input: Input, signal?: AbortSignal): Promise<Check[]> {
  return [
    nodeCheck(),
    coresCheck(),
    memoryCheck(),
    diskCheck(),
    buildCheck(),
    kernelCheck(),
    await serverCheck(server, signal),
    await ceilingCheck(input, signal),
  ]
}

function check(name: string, found: string, remedy: string | null, state?: Check['state']): Check {
  return { name, found, remedy, state: state ?? (remedy === null ? 'ok' : 'warning') }
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > 20 || (major === 20 && minor >= 19)
  return check('Node.js', process.version, fits ? null : 'install Node.js 20.19 or newer', fits ? 'ok' : 'problem')
}

function coresCheck(): Check {
  const cores = os.availableParallelism()
  return check(
    'cores',
    `${cores} × ${os.cpus()[0]?.model.trim() || 'unknown processor'}`,
    cores >= 2 ? null : 'on one core client and server take turns: no worker count can win; use a machine with more',
  )
}

function memoryCheck(): Check {
  const free = os.freemem()
  return check(
    'free memory',
    gib(free),
    free >= leastMemoryBytes ? null : `end other programs: below ${gib(leastMemoryBytes)} the machine may swap`,
  )
}

function diskCheck(): Check {
  try {
    mkdirSync(dataFolder, { recursive: true })
    accessSync(dataFolder, constants.W_OK)
    const { bavail, bsize } = statfsSync(dataFolder)
    const free = bavail * bsize
    const enough = free >= leastFreeBytes
    return check(
      'disk',
      `${gib(free)} free in data/`,
      enough ? null : `free some space: a study of 717,000 records needs about ${gib(leastFreeBytes)}`,
    )
  } catch (error) {
    return check('disk', (error as Error).message, 'make the folder data/ writable for you', 'problem')
  }
}

function buildCheck(): Check {
  const stale = buildFindings()[0]
  return check('build', stale ? stale.message : 'as new as its source', stale ? 'npm run build' : null)
}

function kernelCheck(): Check {
  try {
    const tslab = createRequire(import.meta.url)('tslab/package.json') as { version: string }
    return check('tslab', tslab.version, null)
  } catch {
    return check('tslab', 'not found', 'run `npm ci` in the project folder', 'problem')
  }
}

async function serverCheck(server: Server, signal?: AbortSignal): Promise<Check> {
  try {
    const facts = await server.use(async (connection) => connection.facts, { signal })
    const doubts = facts.findings.map((finding) => finding.message)
    return check(
      'server',
      `${facts.kind}: PostgreSQL ${facts.version}, database ${facts.database}`,
      doubts.length > 0 ? doubts.join('; ') : null,
    )
  } catch (error) {
    return check('server', 'cannot be used', (error as Error).message, 'problem')
  }
}

/** The null trial on one event loop, and on as many threads as there are cores: a server that takes more than that is not what holds a load back. */
async function ceilingCheck(input: Input, signal?: AbortSignal): Promise<Check> {
  const name = 'client'
  try {
    const loop = await runNullTrial({ input, signal })
    const threads = os.availableParallelism()
    const threaded = await runNullTrial({ input, treatment: { client: 'threads', workers: threads }, signal })
    const rate = (trial: { readonly recordsPerSecond: number }): string =>
      Math.round(trial.recordsPerSecond).toLocaleString('en-US')
    return check(
      name,
      `${rate(loop)} records/s into nothing on one event loop, ${rate(threaded)} on ${threads} threads (${input.name}, text)`,
      null,
    )
  } catch (error) {
    return check(name, 'the null trial failed', (error as Error).message, 'problem')
  }
}
