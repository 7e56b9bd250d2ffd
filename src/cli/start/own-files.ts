import { basename, resolve } from 'node:path'
import { inspected } from '../../entries/executor.js'
import { wholePath } from '../../project.js'
import { csvOptionsOf } from '../options/csv-options.js'
import { type InputFlags, inputOf } from '../options/input-options.js'
import { statusLine } from '../terminal/progress.js'
import type { ChapterParameters } from './presets.js'

/**
 * The parameters of a chapter about one's own files. They are inspected first, so that what they
 * hold is said, and what they leave open refused, before a kernel starts.
 */
export async function ownFilesParameters(
  flags: InputFlags,
  signal: AbortSignal,
): Promise<Pick<ChapterParameters, 'input' | 'csvOptions'>> {
  const line = statusLine()
  try {
    const { found = [] } = await inspected(inputOf(flags), { signal, onStep: (step) => line.show(step) })
    for (const sentence of found) line.note(sentence)
  } finally {
    line.end()
  }
  const { analyse, ...stated } = csvOptionsOf(flags)
  const csvOptions = { ...stated, analyse: analyse === undefined ? undefined : wholePath(analyse) }
  return { input: wholePath(resolve(flags.input)), csvOptions }
}

/** The beginning of the names of studies of these files: "orders-quick" for `./orders`. */
export function nameOfFiles(input: string, preset: string): string {
  const [stem = ''] = basename(resolve(input)).split('.')
  const name = stem.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return `${name.slice(0, 16) || 'files'}-${preset}`
}
