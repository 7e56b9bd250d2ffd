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

/** Whether a log says that the disk is full. */
export function isDiskFull(said: string): boolean {
  return /No space left on device|Disk quota exceeded/.test(said)
}

/** What there is to do then, for what is kept in a folder. */
export function diskFull(folder: string): string {
  return `the disk of ${folder} is full: make room on it`
}
