import { listed } from '../../names.js'
import { displayPath, wholePath } from '../../project.js'
import type { FileContent, InputFacts } from '../../study/context.js'
import { JournalError } from '../../study/journal/journal-error.js'
import type { JournalContents } from '../../study/journal/read-journal.js'
import type { Input, ReadingOptions } from '../input/input.js'

/** Options of `verifyFiles`: the study on disk, and how the files are read. */
export interface VerifyFilesOptions extends ReadingOptions {
  readonly study: string
  /** Path of the journal. */
  readonly path: string
  /** Content of the journal; null for a study that has none. */
  readonly stored: JournalContents | null
  readonly onWarning?: (text: string) => void
}

/**
 * Returns the contents of an input's files; null for an input that copylab makes itself. Throws
 * `JournalError` that names the files whose contents differ from those of the study's last session.
 * Where that session has none, since it was written before they were kept, says once per journal
 * that nothing is known.
 */
export async function verifyFiles(input: Input, options: VerifyFilesOptions): Promise<InputFacts['contents']> {
  const { study, path, stored, onWarning, ...reading } = options
  if (!input.contents) return null
  const now = await input.contents(reading)
  const last = stored?.contexts.at(-1)
  if (!last) return now
  if (last.input.contents === null) {
    if (onWarning) warnOnce(study, path, onWarning)
    return now
  }
  const changed = changedFiles(last.input.contents, now)
  if (changed.length === 0) return now
  const have = changed.length === 1 ? 'has' : 'have'
  throw new JournalError(
    displayPath(path),
    null,
    `${listed(changed, maxNamed)} ${have} changed since the study ${study} was measured: measure it again by \`fresh: true\` (--fresh), or choose another name`,
  )
}

/** Journals that were reported already. */
const reported = new Set<string>()

function warnOnce(study: string, path: string, onWarning: (text: string) => void): void {
  if (reported.has(path)) return
  reported.add(path)
  onWarning(
    `${wholePath(path)} was written before contents of files were kept: whether the files of ${study} have changed in their middle since it was measured is not known`,
  )
}

/** Maximum number of files that the error names; more are counted. */
const maxNamed = 5

function changedFiles(before: readonly FileContent[], now: readonly FileContent[]): string[] {
  const digests = new Map(before.map(({ name, sha256 }) => [name, sha256]))
  return now.filter(({ name, sha256 }) => digests.get(name) !== sha256).map(({ name }) => name)
}
