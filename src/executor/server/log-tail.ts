import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { lastLines } from '../../last-lines.js'

/**
 * Returns the last lines of a log, without the paths of this machine; empty when there is no log.
 */
export function logTail(path: string, lines = 8): string {
  return lastLines(wholeLog(path).replaceAll(`${dirname(path)}/`, ''), lines)
}

function wholeLog(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a log says that the disk is full. */
export function isDiskFull(text: string): boolean {
  return /No space left on device|Disk quota exceeded/.test(text)
}

/**
 * Whether a server's log says that it ended because the disk is full: of that it tells before the
 * last lines, which are about what ended with it.
 */
export function endedByFullDisk(path: string): boolean {
  return /(PANIC|FATAL): .*(No space left on device|Disk quota exceeded)/.test(wholeLog(path))
}

/** Returns the server's words for the shutdown that it was asked for; null where it was not. */
export function shutdownRequest(path: string): string | null {
  return /LOG: {2}(received \w+ shutdown request)/.exec(wholeLog(path))?.[1] ?? null
}

/** Returns the message for a full disk, with the remedy, for the files in a folder. */
export function diskFull(folder: string): string {
  return `the disk of ${folder} is full: make room on it`
}
