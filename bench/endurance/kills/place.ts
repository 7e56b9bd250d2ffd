import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import ts from 'typescript'
import { projectRoot } from '#copylab/project.js'
import { processesIn } from '../traces.js'

/** A project of its own, that clients work in. */
export interface Place {
  readonly folder: string
  /** Where its studies are. */
  readonly studies: string
  /** Where its servers' files are. */
  readonly servers: string
  /** The module to load into its clients. */
  readonly preload: string
}

/** Calls `task` with a new project; ends its processes and removes it, however that ends. */
export async function withPlace<T>(task: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-kills-'))
  // Where root runs the server as another user, that user must pass through.
  chmodSync(folder, 0o755)
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "copylab": "*" } }')
    const preload = compilePreload(join(folder, 'inside'))
    const data = join(folder, 'data')
    return await task({ folder, studies: join(data, 'studies'), servers: join(data, 'servers'), preload })
  } finally {
    await endAll(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Compiles what is loaded into clients: Node.js 20 reads no TypeScript. */
function compilePreload(to: string): string {
  const from = join(projectRoot, 'bench/endurance/kills/inside')
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    const { outputText } = ts.transpileModule(readFileSync(join(from, name), 'utf8'), { compilerOptions })
    writeFileSync(join(to, name.replace(/\.ts$/, '.js')), outputText)
  }
  return join(to, 'preload.js')
}

/** Time in ms that the processes of a client may take to end after it. */
const patienceMs = 60_000

/** Waits until no process of a folder is left; returns whether that came to pass. */
export async function untilQuiet(folder: string): Promise<boolean> {
  for (const until = Date.now() + patienceMs; processesIn(folder).length > 0; await setTimeout(50)) {
    if (Date.now() > until) return false
  }
  return true
}

/** Ends all processes of a folder by SIGKILL. */
export async function endAll(folder: string): Promise<void> {
  for (let pids = processesIn(folder); pids.length > 0; pids = processesIn(folder)) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended since.
      }
    }
    await setTimeout(20)
  }
}
