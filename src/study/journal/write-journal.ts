import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Context } from '../context.js'
import type { Plan } from '../plan.js'
import type { EarlyStop } from '../study.js'
import type { Trial } from '../trial.js'
import { hashIn, readJournal } from './journal.js'
import { JournalError } from './journal-error.js'
import { readText } from './journal-file.js'
import type { JournalLine } from './journal-line.js'
import { packTrial } from './journal-trial.js'
import { sealed, sealOf } from './seal.js'

/** Appends to a journal; every line is on the disk when its call returns. Throws `JournalError` for one that could not be written, of which nothing is left. */
export interface JournalWriter {
  plan(plan: Plan): void
  session(context: Context): void
  trial(trial: Trial): void
  stop(stop: EarlyStop): void
  close(): void
}

/** Opens a journal for appending: cuts a torn last line off, or begins a new file. Throws `JournalError` where that is not possible. */
export function openJournal(path: string): JournalWriter {
  const hash = hashIn(path)
  let kept = readJournal(path)?.trials.length ?? 0
  const undone = <T>(write: () => T): T => {
    try {
      return write()
    } catch (cause) {
      throw unwritten(path, kept, cause as NodeJS.ErrnoException)
    }
  }
  const file = undone(() => openWhole(path))
  let number = nextNumber(readText(path)?.lines ?? [], hash)
  const append = (line: JournalLine): void => {
    undone(() => appendWhole(file, `${sealed(number, hash, line)}\n`))
    number++
    if (line.type === 'trial') kept++
  }
  return {
    plan: (plan) => append({ type: 'plan', plan }),
    session: (context) => append({ type: 'session', context }),
    trial: (trial) => append({ type: 'trial', trial: packTrial(trial) }),
    stop: (stop) => append({ type: 'stop', stop }),
    close: () => closeSync(file),
  }
}

/** The number of the line that comes next: after every number that is there, and after every line of the file. */
function nextNumber(lines: readonly string[], hash: string): number {
  const numbers = lines.map((text) => {
    const seal = sealOf(text, hash)
    return seal.state === 'proven' ? seal.number : 0
  })
  return numbers.reduce((most, number) => Math.max(most, number), lines.length) + 1
}

function openWhole(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  const text = readText(path)
  if (text?.torn) truncateSync(path, text.bytes)
  return openSync(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY)
}

/** Writes all of a text and waits until it is on the disk, or leaves the file as it was. */
function appendWhole(file: number, text: string): void {
  const { size } = fstatSync(file)
  const bytes = Buffer.from(text)
  try {
    for (let written = 0; written < bytes.length; ) {
      const more = writeSync(file, bytes, written)
      if (more === 0) throw new Error('nothing more is taken')
      written += more
    }
    fsyncSync(file)
  } catch (error) {
    ftruncateSync(file, size)
    throw error
  }
}

function unwritten(path: string, kept: number, cause: NodeJS.ErrnoException): Error {
  if (cause instanceof JournalError) return cause
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(cause.code ?? '')
  const what = full ? `the disk has no room left (${cause.code})` : `cannot be written (${cause.message})`
  const remedy = full ? 'make room' : 'make it writable for you'
  const trials = kept === 1 ? '1 trial is kept' : `${kept} trials are kept`
  return new JournalError(path, null, `${what}; ${trials}: ${remedy}, and the same command continues`, { cause })
}
