import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { FolderFile } from './list-files.js'

const sampleBytes = 4096

/**
 * Identifies files in a plan without reading them in full: a digest of the first and last 4 KiB of
 * each.
 */
export function fingerprint(files: readonly FolderFile[]): string {
  const hash = createHash('sha256')
  const sample = Buffer.alloc(sampleBytes)
  for (const { path, bytes } of files) {
    const descriptor = openSync(path, 'r')
    try {
      for (const at of [0, Math.max(0, bytes - sampleBytes)]) {
        hash.update(sample.subarray(0, readSync(descriptor, sample, 0, sampleBytes, at)))
      }
    } finally {
      closeSync(descriptor)
    }
  }
  return hash.digest('hex').slice(0, 12)
}
