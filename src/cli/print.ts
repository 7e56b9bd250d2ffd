/** What a command answers with, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The same for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}
