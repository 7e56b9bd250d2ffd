import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { projectRoot } from '#copylab/project.js'

export interface RunNodeOptions {
  readonly arguments?: readonly string[]
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Told each line of standard error when it arrives. */
  readonly onLine?: (line: string) => void
  readonly signal: AbortSignal
}

/** How long a child that was asked to end may take. */
const patienceMs = 20_000

/**
 * Runs a script in a Node.js process of its own, in the project's folder, and returns what it wrote
 * to standard output. Always waits for the child's end; an abort asks it to end, ends it where it
 * does not, and rejects with the signal's reason. Throws an Error with the last lines of standard
 * error for a child that failed.
 */
export async function runNode(script: string, options: RunNodeOptions): Promise<string> {
  const { arguments: given = [], env, onLine, signal } = options
  signal.throwIfAborted()
  const child = spawn(process.execPath, [script, ...given], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let kill: NodeJS.Timeout | undefined
  const end = (): void => {
    child.kill('SIGTERM')
    kill = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const lines: string[] = []
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      onLine?.(line)
    })
    const [code] = (await once(child, 'close')) as [number | null]
    signal.throwIfAborted()
    if (code !== 0) throw new Error(`A child of the benchmark failed: ${lines.slice(-5).join('\n')}`)
    return output
  } finally {
    signal.removeEventListener('abort', end)
    clearTimeout(kill)
  }
}
