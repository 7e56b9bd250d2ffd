import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What of a trial's line the judge looks at. */
export interface RawTrial {
  readonly trial: number
  readonly block: number
  readonly position: number
  readonly state: 'completed' | 'failed'
  readonly records?: number
  readonly checksum?: string | null
  readonly treatment: object
}

/** A journal as its bytes say, read without copylab's reader. */
export interface RawJournal {
  readonly path: string
  /** Up to the end of the last whole line. */
  readonly whole: Buffer
  /** Bytes after that. */
  readonly torn: number
  readonly trials: readonly RawTrial[]
  /** Lines that are no JSON, or do not have the number of their place. */
  readonly strange: readonly string[]
}

interface RawLine {
  readonly line: number
  readonly trial?: RawTrial
}

/** Reads the one journal of a study; null where it has none. Throws where it has more. */
export function readRaw(studies: string, name: string): RawJournal | null {
  const folder = join(studies, name)
  const found = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.jsonl')) : []
  if (found.length > 1) throw new Error(`The study ${name} has ${found.length} journals`)
  if (found.length === 0) return null
  const path = join(folder, found[0]!)
  const bytes = readFileSync(path)
  const end = bytes.lastIndexOf('\n') + 1
  const whole = bytes.subarray(0, end)
  const trials: RawTrial[] = []
  const strange: string[] = []
  for (const [k, text] of whole.toString('utf8').split('\n').slice(0, -1).entries()) {
    const line = parsed(text)
    if (line?.line !== k + 1) strange.push(`line ${k + 1} is ${text.slice(0, 60)}`)
    if (line?.trial) trials.push(line.trial)
  }
  return { path, whole, torn: bytes.length - end, trials, strange }
}

function parsed(text: string): RawLine | null {
  try {
    return JSON.parse(text) as RawLine
  } catch {
    return null
  }
}
