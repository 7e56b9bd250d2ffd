/** Time between two lines where standard error is no terminal. */
const lineMs = 60_000

let writtenAt = 0

/**
 * One line on standard error that is rewritten in place, and cleared by an empty message; where
 * that is no terminal, a line a minute at most.
 */
export function showProgress(message: string): void {
  const { stderr } = process
  if (stderr.isTTY) {
    stderr.write(`\r\u001b[2K${message.slice(0, Math.max(20, (stderr.columns || 80) - 1))}`)
  } else if (message !== '' && Date.now() - writtenAt >= lineMs) {
    writtenAt = Date.now()
    stderr.write(`${message}\n`)
  }
}
