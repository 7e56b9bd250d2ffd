import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import { projectRoot } from '#copylab/project.js'

/** A script that stops at places of its own (`pause`) until its parent has looked around. */
export interface PausedChild {
  readonly script: string
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Called with what the child tells while it stands still, and with its process number. */
  readonly onPause: (told: string, pid: number) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Runs the script with `global.gc` to its end. Throws an Error with the last lines of its standard
 * error where it fails; an abort ends it and rejects with the signal's reason.
 */
export async function runPausing({ script, arguments: given, env, onPause, signal }: PausedChild): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, ['--expose-gc', script, ...given], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  // It stands still, and could not end itself, while its parent looks around.
  const end = (): boolean => child.kill('SIGKILL')
  signal.addEventListener('abort', end, { once: true })
  try {
    const closed = once(child, 'close') as Promise<[number | null, string | null]>
    const lines: string[] = []
    createInterface({ input: child.stderr! }).on('line', (line) => lines.push(line))
    const turns = child.stdio[3] as Duplex
    for await (const told of createInterface({ input: turns })) {
      await onPause(told, child.pid!)
      turns.write('\n')
    }
    const [code, killedBy] = await closed
    signal.throwIfAborted()
    if (code !== 0) throw new Error(`A child failed (${killedBy ?? code}): ${lines.slice(-5).join('\n')}`)
  } finally {
    end()
    signal.removeEventListener('abort', end)
  }
}
