import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The last lines of a log, without the paths of this machine; empty when there is none. */
export function logTail(path: string, lines = 8): string {
  try {
    return readFileSync(path, 'utf8')
      .replaceAll(`${dirname(path)}/`, '')
      .trimEnd()
      .split('\n')
      .slice(-lines)
      .join('\n')
  } catch {
    return ''
  }
}
