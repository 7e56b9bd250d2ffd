import type { FolderFile } from './list-files.js'

/** Steps of a quarter are reported: each is a line where output is no terminal. */
const stepPercent = 25

/**
 * Returns a function that is called with the number of bytes of the files read so far since its
 * last call, and reports "reading the files for their digests, 25 %".
 */
export function readingSteps(
  files: readonly FolderFile[],
  what: string,
  onStep: (message: string) => void = () => {},
): (bytes: number) => void {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let [done, shown] = [0, -1]
  return (bytes) => {
    done += bytes
    const percent = total === 0 ? 100 : stepPercent * Math.floor((100 * done) / total / stepPercent)
    if (percent > shown) onStep(`${what}, ${percent} %`)
    shown = Math.max(shown, percent)
  }
}
