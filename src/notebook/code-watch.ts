import { basename, relative, sep } from 'node:path'
import { type BuiltCode, buildState } from '../stale-build.js'

export interface CodeWatchOptions extends BuiltCode {
  /** When the built code was loaded, in milliseconds since 1970. */
  readonly loadedAt: number
}

/**
 * A function that says, once for each change, that a kernel runs other code than the project's: the
 * source is newer than what was built from it, or that was built anew after it was loaded. It names
 * the newest file and what to do, and returns null when there is nothing new to say.
 */
export function watchCode({ source, built, loadedAt }: CodeWatchOptions): () => string | null {
  let told = ''
  return () => {
    const { edited, builtAt, isStale } = buildState({ source, built })
    if (!edited || (!isStale && builtAt <= loadedAt)) return null
    const change = `${edited.path} ${edited.changedAt} ${isStale ? '' : builtAt}`
    if (change === told) return null
    told = change
    const file = [basename(source), ...relative(source, edited.path).split(sep)].join('/')
    return isStale
      ? `This kernel runs code that is older than ${file}: run \`npm run build\`, then restart the kernel.`
      : `This kernel runs code from before the last build, whose newest source is ${file}: restart the kernel.`
  }
}
