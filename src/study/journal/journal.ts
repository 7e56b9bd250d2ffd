import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import { dataFolder, wholePath } from '../../project.js'
import type { Context } from '../context.js'
import type { Plan } from '../plan.js'
import type { EarlyStop } from '../study.js'
import type { Trial } from '../trial.js'
import { JournalError } from './journal-error.js'
import { packTrial } from './journal-trial.js'
import { endOfJournal, type LineContent } from './read-journal.js'
import { sealedLine } from './seal.js'

/** Default folder of the studies. */
export const studiesFolder = join(dataFolder, 'studies')

/**
 * Returns the path of a study's journal. There is one journal per study and plan: changing a
 * parameter starts another, changing it back finds the first again.
 */
export function journalPath(folder: string, name: string, hash: string): string {
  return join(folder, name, `${hash}.jsonl`)
}

/**
 * Appends to a journal; a line is completely on the disk when its call returns, or it is not
 * written at all and `JournalError` is thrown.
 */
export interface JournalWriter {
  plan(plan: Plan): void
  session(context: Context): void
  trial(trial: Trial): void
  stop(stop: EarlyStop): void
  close(): void
}

/**
 * Opens a journal for appending: cuts an incomplete last line off, or begins a new file. Throws
 * `JournalError` where it cannot be written.
 */
export function openJournal(path: string): JournalWriter {
  const hash = basename(path, '.jsonl')
  const { file, end } = naming(path, () => {
    mkdirSync(join(path, '..'), { recursive: true })
    const end = endOfJournal(path)
    const file = openSync(path, 'a')
    truncateSync(path, end.bytes)
    return { file, end }
  })
  let { bytes, nextLine } = end
  const append = (content: LineContent): void => {
    const line = Buffer.from(`${sealedLine(nextLine, content, hash)}\n`)
    naming(path, () => {
      try {
        for (let written = 0; written < line.length; ) {
          const more = writeSync(file, line, written)
          if (more === 0) throw new Error('nothing more is taken')
          written += more
        }
        fsyncSync(file)
      } catch (error) {
        ftruncateSync(file, bytes)
        throw error
      }
    })
    bytes += line.length
    nextLine++
  }
  return {
    plan: (plan) => append({ type: 'plan', plan }),
    session: (context) => append({ type: 'session', context }),
    trial: (trial) => append({ type: 'trial', trial: packTrial(trial) }),
    stop: (stop) => append({ type: 'stop', stop }),
    close: () => closeSync(file),
  }
}

/**
 * Calls `write`; an error of the file system is thrown as `JournalError` with the journal's name.
 */
function naming<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    if (cause instanceof JournalError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    const remedy = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code ?? '') ? 'make room' : 'make it writable'
    throw new JournalError(
      wholePath(path),
      null,
      `cannot be written: ${message}. The trials before this one are kept: ${remedy}, and the same call continues`,
      { cause },
    )
  }
}
