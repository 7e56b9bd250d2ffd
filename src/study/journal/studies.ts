import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { displayPath, fullName } from '../../project.js'
import type { Plan } from '../plan.js'
import type { Study } from '../study.js'
import { hashIn, type JournalContents, readJournal, studiesFolder } from './journal.js'
import { JournalError } from './journal-error.js'
import { type JournalWarning, warningsOf } from './journal-warning.js'

/** Where studies are read, and who is told of what is wrong with their journals. */
export interface ReadOptions {
  /** Where studies are kept. Default `data/studies`. */
  readonly folder?: string
  readonly onWarning?: (warning: JournalWarning) => void
}

/**
 * Reads a study from disk, with no server. Of several plans under one name it takes the one whose last session began last, or the
 * one that `hash` names. Throws `RangeError` when there is none, naming those there are, and `JournalError` where its journal cannot be read.
 */
export function readStudy(name: string, options: ReadOptions & { readonly hash?: string } = {}): Study {
  const { folder = studiesFolder, hash, onWarning = () => {} } = options
  const journals = journalsNamed(folder, name)
    .filter(({ path, state }) => !hash || state === 'refused' || hashIn(path) === hash)
    .flatMap((found) => readFound(name, found))
  const [study] = studiesOf(journals)
  if (study) {
    for (const one of journals) {
      // Another plan's journal matters where it cannot be read: it might be the newest.
      if (one.state === 'refused' || hashIn(one.path) === study.plan.hash)
        for (const warning of warningsAbout(one)) onWarning(warning)
    }
    return study
  }
  for (const one of journals) if (one.state === 'refused') throw one.error
  const known = listStudies(folder)
  throw new RangeError(
    `Expected the name of a study in ${displayPath(folder)}, got ${JSON.stringify(name)}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there is none yet: run one with `copylab study` or `copylab start`'}`,
  )
}

/**
 * Every study in a folder, by name, and of several plans under one name the one whose last session began last first. A journal that cannot be read is told to
 * `onWarning`, and hides no other.
 */
export function readStudies({ folder = studiesFolder, onWarning = () => {} }: ReadOptions = {}): Study[] {
  return listStudies(folder).flatMap((name) => {
    const journals = journalsNamed(folder, name).flatMap((found) => readFound(name, found))
    for (const warning of journals.flatMap(warningsAbout)) onWarning(warning)
    return studiesOf(journals)
  })
}

/** The names of all studies in a folder, sorted. */
export function listStudies(folder: string = studiesFolder): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && journalsNamed(folder, entry.name).length > 0)
    .map((entry) => entry.name)
    .sort()
}

/** A journal, not read yet, or a folder of journals that cannot be listed. */
type FoundJournal =
  | { readonly state: 'found'; readonly path: string }
  | { readonly state: 'refused'; readonly path: string; readonly error: JournalError }

type ReadJournal =
  | { readonly state: 'read'; readonly path: string; readonly contents: JournalContents }
  | Extract<FoundJournal, { state: 'refused' }>

/** The journals under one name, one for each plan. */
function journalsNamed(folder: string, name: string): FoundJournal[] {
  const own = join(folder, name)
  return orRefused(own, () =>
    entriesOf(own)
      .filter((file) => /^[0-9a-f]{12}\.jsonl$/.test(file.name))
      .map((file): FoundJournal => ({ state: 'found', path: join(own, file.name) })),
  )
}

function readFound(name: string, found: FoundJournal): ReadJournal[] {
  if (found.state === 'refused') return [found]
  const { path } = found
  return orRefused(path, () => {
    const contents = readJournal(path)
    if (contents) return [{ state: 'read', path, contents }]
    throw new JournalError(
      path,
      null,
      `the journal of the study ${name} holds no plan: remove it, or restore it from a copy`,
    )
  })
}

/** What cannot be read is one of the journals too, so that it hides no other. */
function orRefused<T extends { readonly path: string }>(
  path: string,
  read: () => T[],
): (T | Extract<FoundJournal, { state: 'refused' }>)[] {
  try {
    return read()
  } catch (error) {
    if (error instanceof JournalError) return [{ state: 'refused', path, error }]
    throw error
  }
}

/** The studies that were read, the one whose last session began last first. */
function studiesOf(journals: readonly ReadJournal[]): Study[] {
  return journals
    .flatMap((one) => (one.state === 'read' ? [studyOf(one.contents.plan, one.contents, 'disk', one.path)] : []))
    .sort((a, b) => (lastSession(a) < lastSession(b) ? 1 : -1))
}

function warningsAbout(journal: ReadJournal): JournalWarning[] {
  if (journal.state === 'read') return warningsOf(journal.path, journal.contents)
  return [{ kind: 'refused', journal: journal.error.path, error: journal.error }]
}

/** What lies in a folder; nothing where there is none. Throws `JournalError` for one that may not be read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new JournalError(folder, null, `cannot be read (${code}): make it readable for you`, { cause })
  }
}

function lastSession({ contexts }: Study): string {
  return contexts.at(-1)?.startedAt ?? ''
}

/** A study out of a plan and what its journal holds. */
export function studyOf(
  plan: Plan,
  { contexts, trials, stopped, damaged }: Omit<JournalContents, 'plan' | 'unproven'>,
  origin: Study['origin'],
  path: string,
): Study {
  const within = trials.filter((trial) => trial.block <= plan.blocks)
  return { plan, contexts, trials: within, stopped, damaged, origin, journal: fullName(path) }
}
