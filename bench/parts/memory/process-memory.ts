import { readFileSync } from 'node:fs'

/**
 * The highest resident set size of this process in bytes, as the system kept it; null without
 * `/proc`.
 */
export function processPeakBytes(): number | null {
  if (process.platform !== 'linux') return null
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * 1024
}
