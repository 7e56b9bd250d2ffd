import { createInterface } from 'node:readline'

/** Whether a person can be asked: standard input and standard error are a terminal. */
export const isTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks on the terminal; everything but a clear yes is a no. Rejects with the signal's reason. */
export function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  return new Promise<boolean>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    // The terminal hands Ctrl-C to whoever reads from it.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    lines.once('close', () => resolve(false))
    lines.question(`${question} [y/N] `, (answer) => resolve(/^y(es)?$/i.test(answer.trim())))
  }).finally(() => lines.close())
}
