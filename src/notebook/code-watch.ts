import { basename, relative, sep } from 'node:path'
import { newestFile } from '../newest-file.js'

export interface CodeWatchOptions {
  /** The folder of the source; without it nothing is ever stale. */
  readonly source: string
  /** The folder of what is built from it. */
  readonly built: string
  /** When the built code was loaded, in milliseconds since 1970. */
  readonly loadedAt: number
}

/**
 * A function that says, once for each change, that a kernel runs other code than the project's: the source is newer than what was built from it,
 * or that was built anew after it was loaded. It names the newest file and what to do, and returns null when there is nothing new to say.
 */
export function watchCode({ source, built, loadedAt }: CodeWatchOptions): () => string | null {
  let told = ''
  return () => {
    const edited = newestFile(source)
    if (!edited) return null
    const build = newestFile(built)
    const isUnbuilt = edited.changedAt > (build?.changedAt ?? 0)
    if (!isUnbuilt && (build?.changedAt ?? 0) <= loadedAt) return null
    const change = `${edited.path} ${edited.changedAt} ${isUnbuilt ? '' : build?.changedAt}`
    if (change === told) return null
    told = change
    const file = [basename(source), ...relative(source, edited.path).split(sep)].join('/')
    return isUnbuilt
      ? `This kernel runs code that is older than ${file}: run \`npm run build\`, then restart the kernel.`
      : `This kernel runs code from before the last build, whose newest source is ${file}: restart the kernel.`
  }
}
