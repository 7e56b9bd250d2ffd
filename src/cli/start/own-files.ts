import { basename, resolve } from 'node:path'
import { inspected } from '../../entries/executor.js'
import { survey } from '../../executor/verify/survey.js'
import { wholePath } from '../../project.js'
import { csvOptionsOf } from '../options/csv-options.js'
import { type InputFlags, inputOf } from '../options/input-options.js'
import { statusLine } from '../terminal/progress.js'
import type { ChapterParameters } from './presets.js'

/**
 * The parameters of a chapter about one's own files. They are inspected and read first, so that
 * what they hold is said, and what they leave open or cannot be loaded refused, before a kernel
 * starts.
 */
export async function ownFilesParameters(
  flags: InputFlags,
  signal: AbortSignal,
): Promise<Pick<ChapterParameters, 'input' | 'csvOptions'>> {
  const line = statusLine()
  try {
    const onStep = (step: string): void => line.show(step)
    const input = await inspected(inputOf(flags), { signal, onStep })
    for (const sentence of input.found ?? []) line.note(sentence)
    line.show('reading all records once, to see whether they can be loaded')
    const { facts } = await survey(input, input.fits, await input.files({ signal, onStep }), { signal })
    for (const kind of facts.badRecordExamples) line.note(`Left out: ${kind}`)
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
