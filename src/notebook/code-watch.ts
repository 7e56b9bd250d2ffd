import { basename, relative, sep } from 'node:path'
import { type BuiltCode, buildState } from '../stale-build.js'

export interface CodeWatchOptions extends BuiltCode {
  /** When the built code was loaded, in milliseconds since 1970. */
  readonly loadedAt: number
}

/**
 * Returns a function that reports, once for each change, that a kernel runs other code than the
 * project's: the source is newer than what was built from it, or the code was built again after it
 * was loaded. The report names the newest file and the remedy; null when there is nothing new to
 * report.
 */
export function watchCode({ source, built, loadedAt }: CodeWatchOptions): () => string | null {
  let reported = ''
  return () => {
    const { edited, builtAt, isStale } = buildState({ source, built })
    if (!edited || (!isStale && builtAt <= loadedAt)) return null
    const change = `${edited.path} ${edited.changedAt} ${isStale ? '' : builtAt}`
    if (change === reported) return null
    reported = change
    const file = [basename(source), ...relative(source, edited.path).split(sep)].join('/')
    return isStale
      ? `This kernel runs code that is older than ${file}: run \`npm run build\`, then restart the kernel.`
      : `This kernel runs code from before the last build, whose newest source is ${file}: restart the kernel.`
  }
}
