import { readFileSync } from 'node:fs'

/**
 * A file of this machine's `/proc` or `/sys`; empty where it may not be read or is not there, as
 * that of a process which is gone.
 */
export function readOwn(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
