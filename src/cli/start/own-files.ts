import { resolve } from 'node:path'
import { serverNamed } from '../../entries/executor.js'
import { defineLoad } from '../../executor/table/define-table.js'
import { survey } from '../../executor/verify/survey.js'
import { wholePath } from '../../project.js'
import { csvOptionsOf } from '../options/csv-options.js'
import { type InputFlags, inputOf } from '../options/input-options.js'
import { nameOfPath } from '../options/study-name.js'
import { type TableFlags, tableOf } from '../options/table-options.js'
import { statusLine } from '../terminal/progress.js'
import type { ChapterParameters } from './presets.js'

/** What the files are loaded into: which table of which server. */
interface LoadFlags extends InputFlags, TableFlags {
  readonly server: string
}

/**
 * The parameters of a chapter about one's own files. They are inspected and read first, as the
 * table that they fill has them, so that what they hold is said, and what they leave open or cannot
 * be loaded refused, before a kernel starts.
 */
export async function ownFilesParameters(
  flags: LoadFlags,
  signal: AbortSignal,
): Promise<Pick<ChapterParameters, 'input' | 'csvOptions'>> {
  const line = statusLine()
  try {
    const onStep = (step: string): void => line.show(step)
    const given = { server: serverNamed(flags.server), input: inputOf(flags), source: tableOf(flags) ?? null }
    const design = { treatments: [], meanings: {} }
    const { input, table } = await defineLoad({ ...given, study: 'start', design }, { signal, onStep })
    for (const sentence of input.found ?? []) line.note(sentence)
    line.show('reading all records once, to see whether they can be loaded')
    const { facts } = await survey(input, table, await input.files({ signal, onStep }), { signal })
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
  return `${nameOfPath(input, 16)}-${preset}`
}
