import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file system of a few megabytes. */
export interface SmallDisk {
  readonly folder: string
  /** Takes up all room but so many bytes, by whole pages. */
  fill(freeBytes: number): void
  /** Makes room again. */
  clear(): void
}

/** Why there is no small disk here. */
export interface Skipped {
  readonly skipped: string
}

/** Calls `task` with a disk that is mounted at `folder`, and takes it away again. */
export async function withSmallDisk<T>(
  folder: string,
  bytes: number,
  task: (disk: SmallDisk) => Promise<T>,
): Promise<T | Skipped> {
  if (process.platform !== 'linux') return { skipped: 'a small file system is mounted on Linux alone' }
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    return { skipped: `a small file system cannot be mounted here: ${lastLineOf(error as Error)}` }
  }
  const filler = join(folder, 'filler')
  try {
    return await task({
      folder,
      fill(freeBytes) {
        const { bavail, bsize } = statfsSync(folder)
        const taken = Math.max(0, bavail * bsize - freeBytes)
        try {
          writeFileSync(filler, Buffer.alloc(taken))
        } catch (error) {
          // A server that writes at the same time may take the last of it.
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      },
      clear: () => rmSync(filler, { force: true }),
    })
  } finally {
    execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' })
  }
}

function lastLineOf({ message }: Error): string {
  return message.trim().split('\n').at(-1) ?? ''
}
