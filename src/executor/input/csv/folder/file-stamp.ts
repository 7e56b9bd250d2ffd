import { type BigIntStats, statSync } from 'node:fs'
import { InputError } from '../../../errors.js'

/** A file, and what the file system said of it when it was listed. */
export interface StampedFile {
  readonly name: string
  /** Absolute path: never stored or shown. */
  readonly path: string
  /** Stamp by which a later change is seen; see `fileStamp`. */
  readonly stamp: string
}

/**
 * Returns the size of a file, and the times at which its content and its entry last changed, in
 * nanoseconds. A program that changes the content can set the first time back, not the second.
 */
export function fileStamp({ size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${size} ${mtimeNs} ${ctimeNs}`
}

/**
 * Returns what the file system says of a file now. Throws `InputError` for one that has changed
 * since it was listed.
 */
export function unchangedStats({ name, path, stamp }: StampedFile): BigIntStats {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stats && fileStamp(stats) === stamp) return stats
  throw new InputError(
    `${name} ${stats ? 'has changed' : 'is gone'} since it was listed. Finished trials are kept: the same call goes on where the file is as it was`,
  )
}
