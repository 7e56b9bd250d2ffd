import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { lastLines } from '../../last-lines.js'

/** The last lines of a log, without the paths of this machine; empty when there is none. */
export function logTail(path: string, lines = 8): string {
  try {
    return lastLines(readFileSync(path, 'utf8').replaceAll(`${dirname(path)}/`, ''), lines)
  } catch {
    return ''
  }
}
