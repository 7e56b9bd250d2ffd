/** One line on standard error that is rewritten in place; nothing where that is no terminal. */
export function showProgress(message: string): void {
  const { stderr } = process
  if (stderr.isTTY) stderr.write(`\r\u001b[2K${message.slice(0, Math.max(20, (stderr.columns || 80) - 1))}`)
}
