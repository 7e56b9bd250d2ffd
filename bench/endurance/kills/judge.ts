import { readJournal } from '#copylab/study/journal/read-journal.js'
import type { Ended } from './client.js'
import type { RawJournal } from './raw-journal.js'
import type { KilledStudy } from './studies.js'

/**
 * Ways in which something may be wrong. `lost`: a whole line, or a trial that was reported as done,
 * is gone, or a place was never completed. `doubled`: a place is completed twice, or a number given
 * twice. `unreadable`: the journal is damaged. `false`: a completed trial holds other records than
 * the input. `hangs`: a client did not end. `silent`: it ended without a word. `left`: something
 * remained.
 */
export const faultKinds = ['lost', 'doubled', 'unreadable', 'false', 'hangs', 'silent', 'left'] as const
/** One of `faultKinds`. */
export type FaultKind = (typeof faultKinds)[number]

/** Something that is wrong, in words. */
export interface Fault {
  readonly kind: FaultKind
  readonly text: string
}

/** Records and checksum of the input, by the client's own reckoning. */
export interface Truth {
  readonly records: number
  readonly checksum: string
}

/** Judges one run of a client, by the journal before and after it. */
export function judgeRun(ended: Ended, before: RawJournal | null, after: RawJournal | null): Fault[] {
  if (ended.hung) return [{ kind: 'hangs', text: `it did not end; it last said ${lastLine(ended.stderr)}` }]
  const faults: Fault[] = []
  const kept = before?.whole.length ?? 0
  if (kept > 0 && !after?.whole.subarray(0, kept).equals(before!.whole)) {
    faults.push({ kind: 'lost', text: `the journal's ${kept} bytes before the run are not there any more` })
  }
  const written = (after?.trials.length ?? 0) - (before?.trials.length ?? 0)
  const reported = reportedTrials(ended.stderr)
  if (written < reported) {
    faults.push({ kind: 'lost', text: `${reported} trials were reported as done, and ${written} are in the journal` })
  }
  const killed = ended.strike?.target === 'client'
  if (!killed) faults.push(...judgeEnd(ended))
  else if (ended.signal !== 'SIGKILL') faults.push({ kind: 'silent', text: 'it did not end by SIGKILL' })
  // A run that ended before it opened the journal leaves it as the one before had left it.
  const untouched = before !== null && before.torn === after?.torn && before.whole.equals(after.whole)
  if (after) faults.push(...judgeReading(after, killed || untouched))
  return faults
}

/** A client that lives on ends in order, or says what happened. */
function judgeEnd({ code, signal, stderr }: Ended): Fault[] {
  const said = stderr.split('\n').filter((line) => line.trim() !== '' && !isProgress(line))
  if (code === 0 || (code === 1 && said.length > 0)) return []
  return [{ kind: 'silent', text: `it ended by ${signal ?? `code ${code}`}, and last said ${lastLine(stderr)}` }]
}

function judgeReading(journal: RawJournal, mayBeTorn: boolean): Fault[] {
  const unreadable = (text: string): Fault => ({ kind: 'unreadable', text })
  const faults = journal.strange.map(unreadable)
  if (journal.torn > 0 && !mayBeTorn) faults.push(unreadable(`its last line is torn after ${journal.torn} bytes`))
  try {
    const damaged = readJournal(journal.path)?.damaged ?? []
    // A torn line is the last one, and the only one.
    const wrong = journal.torn > 0 ? damaged.slice(0, -1) : damaged
    faults.push(...wrong.map(({ line, reason }) => unreadable(`line ${line}: ${reason}`)))
  } catch (error) {
    faults.push(unreadable((error as Error).message))
  }
  return faults
}

/** Judges the trials of a journal so far, and whether all are there where the study has ended. */
export function judgeTrials(journal: RawJournal | null, study: KilledStudy, truth: Truth, ended: boolean): Fault[] {
  const trials = journal?.trials ?? []
  const faults: Fault[] = []
  for (const [k, { trial }] of trials.entries()) {
    const kind = trial <= k ? 'doubled' : 'lost'
    if (trial !== k + 1) faults.push({ kind, text: `the trial at place ${k + 1} has number ${trial}` })
  }
  const completed = trials.filter(({ state }) => state === 'completed')
  for (const { trial, records, checksum } of completed) {
    if (records === truth.records && checksum === truth.checksum) continue
    faults.push({ kind: 'false', text: `trial ${trial} holds ${records} records with checksum ${checksum}` })
  }
  const counts = new Map<string, number>()
  for (const { block, treatment } of completed) {
    const key = `${block} ${JSON.stringify(treatment)}`
    if (block > 0) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const [key, count] of counts) {
    if (count > 1) faults.push({ kind: 'doubled', text: `${count} completed trials of block ${key}` })
  }
  if (ended && counts.size !== study.places) {
    faults.push({ kind: 'lost', text: `${counts.size} of ${study.places} places are completed at the end` })
  }
  return faults
}

const isProgress = (line: string): boolean => /\d+ of \d+ trials?$/.test(line)

/** How many trials a client reported as done in this run. */
function reportedTrials(stderr: string): number {
  // What follows the last line's end may be torn.
  const lines = stderr.split('\n').slice(0, -1)
  const counts = lines.flatMap((line) => {
    const [, done] = /(\d+) of \d+ trials?$/.exec(line) ?? []
    return done === undefined ? [] : [Number(done)]
  })
  return Math.max(0, ...counts) - (counts[0] ?? 0)
}

const lastLine = (text: string): string => JSON.stringify(text.trimEnd().split('\n').at(-1) ?? '')
