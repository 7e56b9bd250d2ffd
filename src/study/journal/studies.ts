import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { inMessage } from '../../check.js'
import { displayPath, wholePath } from '../../project.js'
import { countedTrials } from '../blocks/sessions.js'
import type { Plan } from '../plan.js'
import type { Study } from '../study.js'
import { damageWarning, unsealedWarning } from './damage.js'
import { studiesFolder } from './journal.js'
import { JournalError } from './journal-error.js'
import { type JournalContents, readJournal } from './read-journal.js'

/** Options of `readStudy`, `readStudies` and `findStudies`. */
export interface ReadOptions {
  /**
   * Folder of the studies.
   * @default 'data/studies'
   */
  readonly folder?: string
  /**
   * Called for every journal with damaged lines, and once for a journal with lines without a
   * digest.
   */
  readonly onWarning?: (text: string) => void
}

/** Studies that could be read, and the journals that could not. */
export interface FoundStudies {
  readonly studies: readonly Study[]
  readonly refused: readonly JournalError[]
}

/**
 * Reads a study from disk, with no server. Of several plans under one name it takes the one whose
 * last session began last, or the one that `hash` names. Throws `RangeError` when there is none,
 * naming the existing ones, and `JournalError` when one cannot be read.
 */
export function readStudy(name: string, options: ReadOptions & { readonly hash?: string } = {}): Study {
  const folder = options.folder ?? studiesFolder
  const { studies, refused } = studiesNamed(folder, name, options, options.hash)
  const [study] = studies
  if (study) {
    for (const error of refused) options.onWarning?.(`${error.message}. Its study is left out`)
    return study
  }
  if (refused[0]) throw refused[0]
  const known = listStudies(folder)
  if (options.hash !== undefined && known.includes(name)) {
    const plans = studiesNamed(folder, name, options).studies.map(({ plan }) => plan.hash)
    throw new RangeError(`Expected the hash of a plan of ${name} (${plans.join(', ')}), got ${inMessage(options.hash)}`)
  }
  throw new RangeError(
    `Expected the name of a study in ${wholePath(folder)}, got ${JSON.stringify(name)}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there is none yet: run one with `copylab study` or `copylab start`'}`,
  )
}

/**
 * Reads every study in a folder, sorted by name; of several plans under one name, the one whose
 * last session began last comes first.
 */
export function findStudies(options: ReadOptions = {}): FoundStudies {
  const folder = options.folder ?? studiesFolder
  const found = listStudies(folder).map((name) => studiesNamed(folder, name, options))
  return { studies: found.flatMap(({ studies }) => studies), refused: found.flatMap(({ refused }) => refused) }
}

/** Returns the names of all studies in a folder, sorted. */
export function listStudies(folder: string = studiesFolder): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && mayHoldStudy(folder, entry.name))
    .map((entry) => entry.name)
    .sort()
}

/**
 * Whether a folder may hold a study; one that cannot be listed may, and its reading reports the
 * reason.
 */
function mayHoldStudy(folder: string, name: string): boolean {
  try {
    return planFiles(folder, name).length > 0
  } catch {
    return true
  }
}

/**
 * Reads the studies under one name, one for each plan; the one whose last session began last comes
 * first.
 */
function studiesNamed(folder: string, name: string, { onWarning }: ReadOptions, hash?: string): FoundStudies {
  const studies: Study[] = []
  const refused: JournalError[] = []
  const reading = (read: () => void): void => {
    try {
      read()
    } catch (error) {
      if (!(error instanceof JournalError)) throw error
      refused.push(error)
    }
  }
  reading(() => {
    for (const path of planFiles(folder, name)) {
      if (hash === undefined || path.endsWith(`${hash}.jsonl`)) reading(() => studies.push(studyIn(path, onWarning)))
    }
  })
  studies.sort((a, b) => (lastSession(a) < lastSession(b) ? 1 : -1))
  return { studies, refused }
}

function studyIn(path: string, onWarning: ReadOptions['onWarning']): Study {
  const contents = readJournal(path)
  if (!contents) {
    throw new JournalError(
      wholePath(path),
      null,
      'the journal holds no plan: its study ended before it began; run it again, or remove the file',
    )
  }
  warnOf(path, contents, onWarning)
  return studyOf(contents.plan, contents, 'disk', path)
}

/** Journals that were reported as unsealed already. */
const unsealed = new Set<string>()

/** Reports damage to a journal; lines without a digest are reported once per journal. */
export function warnOf(path: string, { damaged, sealed }: JournalContents, onWarning: ReadOptions['onWarning']): void {
  if (!onWarning) return
  if (damaged.length > 0) onWarning(damageWarning(wholePath(path), damaged))
  if (sealed || unsealed.has(path)) return
  unsealed.add(path)
  onWarning(unsealedWarning(wholePath(path)))
}

function planFiles(folder: string, name: string): string[] {
  const own = join(folder, name)
  return entriesOf(own)
    .filter((entry) => /^[0-9a-f]{12}\.jsonl$/.test(entry.name))
    .map((entry) => join(own, entry.name))
}

/** Lists the entries of a folder; empty where there is no folder. */
function entriesOf(folder: string) {
  if (!existsSync(folder)) return []
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    throw new JournalError(wholePath(folder), null, `cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function lastSession({ contexts }: Pick<Study, 'contexts'>): string {
  return contexts.at(-1)?.startedAt ?? ''
}

/** Makes a study from a plan and the content of its journal. */
export function studyOf(
  plan: Plan,
  { contexts, trials, stopped, damaged }: Pick<Study, 'contexts' | 'trials' | 'stopped' | 'damaged'>,
  origin: Study['origin'],
  path: string,
): Study {
  const within = trials.filter((trial) => trial.block <= plan.blocks)
  const counted = countedTrials(plan, { contexts, trials: within })
  return { plan, contexts, ...counted, stopped, damaged, origin, journal: displayPath(path) }
}
