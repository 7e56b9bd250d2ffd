import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../places.js'

/**
 * Makes a folder of this process that the server, which may run as another user, can read, calls
 * `task`, and removes it.
 */
export async function withFolder<T>(name: string, task: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(temporaryFolder, `${name}-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    chmodSync(folder, 0o755)
    return await task(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
