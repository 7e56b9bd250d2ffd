import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { ClientConfig } from 'pg'

/** A program that is talked to line by line. */
export interface Conversation {
  /** Sends a line to its standard input. */
  say(line: string): void
  /** Its next line. Throws, with what it said last, when it ends instead. */
  hear(): Promise<string>
  /** Closes its standard input and waits for its end. */
  finish(): Promise<void>
}

/**
 * Starts programs that reach the server through PG* variables, and ends all that are still running.
 */
export interface Programs {
  /**
   * Runs a program to its end and returns what it wrote to standard output. Throws, with the end of
   * what it said, when it fails.
   */
  run(command: string, args: readonly string[]): Promise<string>
  /** Starts a program whose answers come on standard output, or on standard error. */
  start(command: string, args: readonly string[], answers?: 'stdout' | 'stderr'): Conversation
}

/**
 * Calls `task` with the means to start programs; whatever is still running when it ends, or when
 * the signal aborts, is ended.
 */
export async function withPrograms<T>(
  config: ClientConfig,
  signal: AbortSignal,
  task: (programs: Programs) => Promise<T>,
): Promise<T> {
  const running = new Set<ChildProcess>()
  const environment = environmentFor(config)
  const launch = (command: string, args: readonly string[]) => {
    const child = spawn(command, args, { env: environment, signal, stdio: ['pipe', 'pipe', 'pipe'] })
    running.add(child)
    child.once('close', () => running.delete(child))
    // A program that has ended closes its standard input first.
    child.stdin.on('error', () => {})
    return child
  }
  const masked = (said: string): string => lastLines(said.replaceAll(String(config.password), '…'))
  try {
    return await task({
      async run(command, args) {
        const child = launch(command, args)
        child.stdin.end()
        const [out, err, end] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child)])
        if (end !== 'exit code 0') throw new Error(`${command} ended with ${end}: ${masked(err || out)}`)
        return out
      },
      start(command, args, answers = 'stdout') {
        const child = launch(command, args)
        return converse(command, child, { answers: child[answers], end: endOf(child), masked })
      },
    })
  } finally {
    await Promise.all([...running].map(stop))
  }
}

/**
 * Runs a program that needs no server, and returns what it wrote; null when there is no such
 * program or it fails.
 */
export async function outputOf(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, err, end] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child)])
    return end === 'exit code 0' ? `${out}${err}`.trim() : null
  } catch {
    return null
  }
}

function converse(
  command: string,
  child: ReturnType<typeof spawn>,
  { answers, end, masked }: { answers: Readable | null; end: Promise<string>; masked: (said: string) => string },
): Conversation {
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk}`.slice(-10_000)
  })
  const lines = createInterface({ input: answers! })[Symbol.asyncIterator]()
  // Nobody may be listening at the moment when the program ends; the next `hear` or `finish` tells.
  end.catch(() => {})
  const failure = async (): Promise<Error> =>
    new Error(`${command} ended with ${await end} before it had answered: ${masked(complaints)}`)
  return {
    say: (line) => void child.stdin?.write(`${line}\n`),
    async hear() {
      const next = await lines.next()
      if (next.done) throw await failure()
      return next.value
    },
    async finish() {
      child.stdin?.end()
      if ((await end) !== 'exit code 0') throw await failure()
    },
  }
}

/** "exit code 0", "signal SIGTERM". Rejects when the program cannot be started, or was aborted. */
async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return signal ? `signal ${signal}` : `exit code ${code}`
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close').catch(() => {})
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await closed
  clearTimeout(insist)
}

/**
 * The environment with PG* variables for this server and none for another: no password stands on a
 * command line.
 */
function environmentFor({ host, port, user, password, database }: ClientConfig): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && name !== 'DATABASE_URL')
  return {
    ...Object.fromEntries(others),
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: String(password),
    PGDATABASE: database,
    PGSSLMODE: 'disable',
  }
}

function lastLines(said: string): string {
  return said.trim().split('\n').slice(-5).join(' | ')
}
