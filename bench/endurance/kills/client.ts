import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '#copylab/project.js'
import { type Order, orderVariable, type Point, type Strike } from './inside/point.js'
import { endAll, type Place } from './place.js'

/** How a client ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** What it killed; null where the point was not reached. */
  readonly strike: Strike | null
  /** Whether it did not end by itself. */
  readonly hung: boolean
}

/** A client that has not ended by then hangs; on a busy machine a run takes some twenty seconds. */
const hangMs = 180_000

/** Runs the built command line in a project, and kills at a point of it. */
export async function runClient(
  { folder, preload }: Place,
  args: readonly string[],
  point: Point | null,
  signal: AbortSignal,
): Promise<Ended> {
  signal.throwIfAborted()
  const evidence = join(folder, 'evidence')
  rmSync(evidence, { force: true })
  const order: Order = { point, evidence }
  const child = spawn(
    process.execPath,
    ['--import', pathToFileURL(preload).href, join(projectRoot, 'dist', 'cli.js'), ...args],
    { cwd: folder, env: { ...process.env, [orderVariable]: JSON.stringify(order) }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  let hung = false
  const net = setTimeout(() => {
    hung = true
    void endAll(folder)
  }, hangMs)
  const stop = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  try {
    // Its server may outlive it, and hold no pipe of it.
    const [code, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    signal.throwIfAborted()
    return { code, signal: ended, stdout, stderr, strike: strikeIn(evidence), hung }
  } finally {
    clearTimeout(net)
    signal.removeEventListener('abort', stop)
  }
}

function strikeIn(evidence: string): Strike | null {
  try {
    return JSON.parse(readFileSync(evidence, 'utf8')) as Strike
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
