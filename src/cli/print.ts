import { withWords } from './json-words.js'

/** What a command answers with, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** What a command answers with as JSON, for programs: results with the sentences that say them. */
export function printJson(value: unknown): void {
  print(JSON.stringify(withWords(value), null, 2))
}
