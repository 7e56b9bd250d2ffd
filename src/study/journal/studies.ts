import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { displayPath } from '../../project.js'
import type { Plan } from '../plan.js'
import type { Study } from '../study.js'
import { type JournalContents, readJournal, studiesFolder } from './journal.js'

/**
 * Reads a study from disk, with no server. Of several plans under one name it takes the one whose last session began last, or the
 * one that `hash` names. Throws `RangeError` when there is none, naming those there are.
 */
export function readStudy(name: string, options: { readonly folder?: string; readonly hash?: string } = {}): Study {
  const folder = options.folder ?? studiesFolder
  const study = studiesNamed(folder, name).find(({ plan }) => !options.hash || plan.hash === options.hash)
  if (study) return study
  const known = listStudies(folder)
  throw new RangeError(
    `Expected the name of a study in ${displayPath(folder)}, got ${JSON.stringify(name)}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there is none yet: run one with `copylab study` or `copylab start`'}`,
  )
}

/** Every study in a folder, by name, and of several plans under one name the one whose last session began last first. Throws `JournalError`. */
export function readStudies(options: { readonly folder?: string } = {}): Study[] {
  const folder = options.folder ?? studiesFolder
  return listStudies(folder).flatMap((name) => studiesNamed(folder, name))
}

/** The names of all studies in a folder, sorted. */
export function listStudies(folder: string = studiesFolder): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && planFiles(folder, entry.name).length > 0)
    .map((entry) => entry.name)
    .sort()
}

/** The studies under one name, one for each plan, the one whose last session began last first. */
function studiesNamed(folder: string, name: string): Study[] {
  return planFiles(folder, name)
    .flatMap((path) => {
      const contents = readJournal(path)
      return contents ? [{ ...contents, origin: 'disk' as const, journal: displayPath(path) }] : []
    })
    .sort((a, b) => (lastSession(a) < lastSession(b) ? 1 : -1))
}

function planFiles(folder: string, name: string): string[] {
  const own = join(folder, name)
  if (!existsSync(own)) return []
  return readdirSync(own)
    .filter((file) => /^[0-9a-f]{12}\.jsonl$/.test(file))
    .map((file) => join(own, file))
}

function lastSession({ contexts }: JournalContents): string {
  return contexts.at(-1)?.startedAt ?? ''
}

/** A study out of a plan and what its journal holds. */
export function studyOf(
  plan: Plan,
  { contexts, trials, stopped }: Pick<Study, 'contexts' | 'trials' | 'stopped'>,
  origin: Study['origin'],
  path: string,
): Study {
  const within = trials.filter((trial) => trial.block <= plan.blocks)
  return { plan, contexts, trials: within, stopped, origin, journal: displayPath(path) }
}
