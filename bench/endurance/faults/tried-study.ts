import { setTimeout as pause } from 'node:timers/promises'
import {
  type Connection,
  cleanServer,
  DatabaseError,
  type Factors,
  JournalError,
  type Progress,
  readStudy,
  runStudy,
  type Server,
  type Study,
  synthetic,
  type Trial,
} from 'copylab/executor'
import pg from 'pg'
import type { Trouble } from './trouble.js'

/** Records of a trial. */
const records = 4_000
const blocks = 2
const varied = { workers: [1, 3], client: ['event-loop', 'threads'], batchSize: 500 } as const

/** Trials of a whole study; every one of them is measured. */
export const placesOfStudy = blocks * varied.workers.length * varied.client.length

/** Time after which a call hangs: a server that answers nobody is given up within two minutes. */
const hangMs = 300_000
/** Time that a call that hangs has to end once it is told to. */
const abortMs = 60_000

/** A study that faults happen to, call by call. */
export interface TriedStudyOptions {
  readonly name: string
  /** Folder of the studies. */
  readonly folder: string
  readonly server: Server
  /** Levels that all its treatments have. */
  readonly factors?: Factors
  /** Holds back everything that copylab sends to the server; returns what ends that. */
  readonly hold: () => () => void
  /** The server itself; null while it is down. */
  readonly direct: () => Connection | null
  readonly trouble: Trouble
  readonly signal: AbortSignal
}

/** How a call of a study ended. */
export interface Called {
  /**
   * `complete`: every place has a completed trial. `failures`: some trials failed, and the next
   * call runs them again. `ended`: an error ended the study. `hangs`: nothing did.
   */
  readonly how: 'complete' | 'failures' | 'ended' | 'hangs'
  /** The message of the error, or of the first trial that failed; empty without one. */
  readonly said: string
  /** The trial in which the fault fell, as it ended; null for none. */
  readonly struck: Trial | null
}

/** A study under trial. */
export interface TriedStudy {
  /** Runs or continues the study until it ends. */
  call(): Promise<Called>
  /** To be called when a fault happens: whether a measured trial is running. */
  strike(): boolean
  /** Places without a completed trial, as far as they were reported. */
  missing(): number
  /** Whether a trial has begun in the running call. */
  hasBegun(): boolean
  /** Continues without faults until it is complete, and notes what is wrong with the whole. */
  finish(): Promise<void>
}

const keyOf = ({ block, position }: Trial): string => `block ${block}, position ${position}`

/** Makes a study under trial; nothing runs yet. */
export function tryStudy(options: TriedStudyOptions): TriedStudy {
  const { name, folder, server, trouble, signal } = options
  const reported = new Map<string, Trial>()
  const contents = new Set<string>()
  let isRunning = false
  let begun = false
  let isStruck = false
  let leftTold = false
  let struck: Trial | null = null
  let looking: Promise<void> = Promise.resolve()

  /** Counts what a completed trial left in the table, by a connection of its own. */
  const look = async (trial: Trial): Promise<void> => {
    const direct = options.direct()
    if (!direct) return
    const release = options.hold()
    const looker = new pg.Client({ ...direct.config, application_name: 'looker' })
    looker.on('error', () => {})
    try {
      await looker.connect()
      const { rows } = await looker.query<{ all: number; different: number; content: string }>(
        `SELECT count(*)::int AS all, count(DISTINCT id)::int AS different, sum(hashtextextended(r::text, 0))::text AS content
           FROM ${pg.escapeIdentifier(`copylab_${name}`)}.records AS r`,
      )
      const { all, different, content } = rows[0]!
      contents.add(content)
      if (contents.size > 1) trouble.note('lost', `${name}, ${keyOf(trial)}: other content than in the trials before`)
      if (different < records) trouble.note('lost', `${name}, ${keyOf(trial)}: ${different} of ${records} records`)
      if (all > different) trouble.note('doubled', `${name}, ${keyOf(trial)}: ${all - different} records`)
    } catch {
      // Where the server is gone, it takes the table along.
    } finally {
      await looker.end().catch(() => {})
      release()
    }
  }
  const onProgress = ({ stage, trial, message }: Progress): void => {
    if (stage !== 'measured') return
    // A wait is told of in the middle of a trial.
    if (trial === null && !message.includes('waiting for')) {
      isRunning = true
      begun = true
    }
    if (trial === null) return
    isRunning = false
    if (isStruck && struck === null) struck = trial
    if (trial.state === 'failed') return
    const key = keyOf(trial)
    if (reported.has(key)) trouble.note('doubled', `${name}: ${key} was run again although it was completed`)
    reported.set(key, trial)
    looking = look(trial)
  }
  const study = (own: AbortSignal): Promise<Study> =>
    runStudy({
      name,
      folder,
      server,
      input: synthetic({ records, width: 16 }),
      factors: { ...varied, ...options.factors },
      blocks,
      warmUpBlocks: 0,
      onProgress,
      onWarning: (text) => {
        if (text.startsWith(`The schema copylab_${name} is left`)) leftTold = true
      },
      signal: own,
    })

  /** Does what the warning about a schema that is left says; the server may be on its way back. */
  async function clean(): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      try {
        await cleanServer(server, async (left) => left.filter((one) => one.study === name), { signal })
        return
      } catch {
        signal.throwIfAborted()
        await pause(500)
      }
    }
  }

  async function call(): Promise<Called> {
    isRunning = begun = isStruck = leftTold = false
    struck = null
    const over = new AbortController()
    const net = new AbortController()
    const running = study(AbortSignal.any([signal, net.signal]))
    const hangs = pause(hangMs, 'hangs' as const, { signal: over.signal })
    hangs.catch(() => {})
    try {
      const outcome = await Promise.race([running.then(endOf, errorOf), hangs])
      signal.throwIfAborted()
      if (outcome !== 'hangs') return { ...outcome, struck }
      net.abort(new Error('Hangs'))
      const late = await Promise.race([running.then(endOf, errorOf), pause(abortMs, 'hangs' as const, over)])
      const said = late === 'hangs' ? 'not even when it was told to end' : `ended when it was told to: ${late.said}`
      return { how: 'hangs', said, struck }
    } finally {
      over.abort()
      await looking
    }
  }
  const errorOf = (error: Error): Pick<Called, 'how' | 'said'> => {
    const own = error instanceof DatabaseError || error instanceof JournalError
    // A file or folder that cannot be written is named by an error of any class.
    const names = own || error.message.includes(' cannot be written, ')
    const isClear = names && !/queryable|undefined|\[object|Cannot read/.test(error.message)
    if (!isClear && !signal.aborted) trouble.note('unclear', `${name}: ${error.stack ?? error.message}`)
    return { how: 'ended', said: error.message }
  }
  const endOf = ({ trials }: Study): Pick<Called, 'how' | 'said'> => {
    if (reported.size >= placesOfStudy) return { how: 'complete', said: '' }
    const failed = trials.filter((trial) => trial.state === 'failed').at(-1)
    const said = failed?.error.message ?? ''
    if (said === '') trouble.note('unclear', `${name}: incomplete without a word`)
    return { how: 'failures', said }
  }
  return {
    call,
    strike: () => {
      isStruck = true
      return isRunning
    },
    missing: () => placesOfStudy - reported.size,
    hasBegun: () => begun,
    async finish() {
      let last: Called | null = null
      // What is left of a fault may be in the way for a moment.
      for (let calls = 0; reported.size < placesOfStudy && calls < 20; calls++) {
        last = await call()
        if (last.how === 'hangs') trouble.note('hangs', `${name}, without a fault: ${last.said}`)
        if (last.how === 'ended') await pause(500)
      }
      if (reported.size < placesOfStudy) trouble.note('lost', `${name} cannot be completed: ${last?.said}`)
      if (leftTold) await clean()
      checkJournal(options, reported)
    },
  }
}

/** Notes what a finished study's journal lacks, or has twice, of what was reported. */
function checkJournal({ name, folder, trouble }: TriedStudyOptions, reported: ReadonlyMap<string, Trial>): void {
  try {
    const { trials, damaged, contexts } = readStudy(name, { folder })
    for (const line of damaged) trouble.note('unreadable', `${name}: ${JSON.stringify(line)}`)
    const truth = contexts[0]!.input
    const completed = trials.filter((trial) => trial.state === 'completed')
    for (const trial of completed) {
      if (trial.records !== records || trial.checksum !== truth.checksum) {
        trouble.note('lost', `${name}, ${keyOf(trial)}: ${trial.records} records with checksum ${trial.checksum}`)
      }
    }
    for (const key of reported.keys()) {
      const kept = completed.filter((trial) => keyOf(trial) === key).length
      if (kept === 0) trouble.note('lost', `${name}: ${key} was reported and is not kept`)
      if (kept > 1) trouble.note('doubled', `${name}: ${key} is kept ${kept} times`)
    }
  } catch (error) {
    trouble.note('unreadable', `${name}: ${(error as Error).message}`)
  }
}
