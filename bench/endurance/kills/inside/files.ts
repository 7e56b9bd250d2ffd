import fs from 'node:fs'
import { put } from './state.js'
import { pass } from './strike.js'

/** Calls that change files, locks among them. */
const changes = ['linkSync', 'renameSync', 'rmSync', 'mkdirSync', 'writeFileSync', 'truncateSync'] as const

type Call = (...given: unknown[]) => unknown

/** Counts lines that are written to journals, and changes of other files. */
export function watchFiles(): void {
  const calls = fs as unknown as Record<string, Call>
  for (const name of changes) {
    const own = calls[name]!
    calls[name] = (...given) => pass('file', () => own(...given))
  }
  const journals = new Set<number>()
  const { openSync, closeSync, writeSync } = fs
  calls.openSync = (...given) => {
    const file = openSync(...(given as Parameters<typeof openSync>))
    if (String(given[0]).endsWith('.jsonl')) journals.add(file)
    return file
  }
  calls.closeSync = (file) => {
    journals.delete(file as number)
    closeSync(file as number)
  }
  calls.writeSync = (...given) => {
    const [file, bytes, from = 0] = given as [number, Buffer, number?]
    const write = (length: number): number => writeSync(file, bytes, from, length)
    if (!journals.has(file)) return writeSync(...(given as Parameters<typeof writeSync>))
    // What is written is verified.
    put('loads', 0)
    const half = (bytes.length - from) >> 1
    let written = 0
    return pass('journal', () => write(bytes.length - from), {
      halves: {
        first: () => {
          written = write(half)
        },
        rest: () => written,
      },
    })
  }
}
