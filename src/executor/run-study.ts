import { existsSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { displayPath } from '../project.js'
import { isFinished } from '../study/blocks/attempts.js'
import { designOf } from '../study/design.js'
import { journalPath, studiesFolder } from '../study/journal/journal.js'
import { JournalError } from '../study/journal/journal-error.js'
import { readJournal } from '../study/journal/read-journal.js'
import { studyOf, warnOf } from '../study/journal/studies.js'
import { makePlan, type PlanOptions } from '../study/make-plan.js'
import type { Plan } from '../study/plan.js'
import type { Progress, Study } from '../study/study.js'
import type { TableSource } from '../study/table/definition.js'
import type { Table } from '../study/table/table.js'
import { makeFolder, unwritable } from '../writable.js'
import type { Consent } from './footprint/consent.js'
import { type LockAttempt, tryLock } from './footprint/lock.js'
import type { Input, InputToInspect } from './input/input.js'
import { withDigests } from './load/program/program-digests.js'
import { measureStudy } from './measure-study.js'
import { beforePlan, makeReporter } from './report.js'
import { embedded } from './server/embedded.js'
import type { Server } from './server/server.js'
import type { LookAt } from './session/study-run.js'
import { defineLoad } from './table/define-table.js'
import { isSource } from './table/table-source.js'
import { verifyFiles } from './verify/verify-files.js'

/** Options of `runStudy`: those of the plan, and how it is run. */
export interface PlannedStudyOptions extends Omit<PlanOptions, 'server' | 'input' | 'table' | 'definition'> {
  /**
   * The server that the trials run on.
   * @default embedded()
   */
  readonly server?: Server
  /** The records to load. */
  readonly input: Input | InputToInspect
  /**
   * The table to fill: the input's columns, in their order, with another primary key or none; or a
   * table like another one, `like('public.orders')`, or by SQL, `ddl('orders.sql')`, of which the
   * input fills some columns.
   * @default the table that fits the input's records
   */
  readonly table?: Table | TableSource
  /**
   * Whether to start again although this plan is on disk; the earlier journal is renamed, not
   * deleted.
   * @default false
   */
  readonly fresh?: boolean
  /**
   * Whether trials may run on a server that copylab did not start and that is not on this machine:
   * `true`, or a function that is given a description of what would be done there and returns the
   * answer.
   * @default false
   */
  readonly yes?: Consent
  /**
   * Ends the running trial, keeps all finished ones, and rejects with the signal's reason. The next
   * call continues.
   */
  readonly signal?: AbortSignal
  /** Called at each step and before and after each trial. */
  readonly onProgress?: (progress: Progress) => void
  /**
   * Called before anything is measured with each sentence about what the input does not state and
   * was found out from its files by this study; an input that was inspected before says nothing.
   */
  readonly onFound?: (sentence: string) => void
  /**
   * Folder of the studies.
   * @default 'data/studies'
   */
  readonly folder?: string
  /**
   * Called when the journal that is continued or read has damaged lines, lines without a digest, or
   * no contents of the input's files, and when the study's schema could not be removed from the
   * server.
   */
  readonly onWarning?: (text: string) => void
}

/**
 * Runs a study, continues an unfinished one, or reads a finished one back: trials that the plan
 * asks for and the journal lacks are run, in seeded complete blocks, and each is appended to the
 * journal as it ends. Failed trials of blocks are run again, once per call, until they have failed
 * three times in the same way. Throws `TypeError` or `RangeError` for invalid options,
 * `DatabaseError` for a server that cannot be used, `BadRecordError` for an input that cannot be
 * analysed, `InputError` for one that cannot be read or changes during the study, and
 * `JournalError` for a journal that was begun under other conditions or with other content of the
 * files; a trial that fails is data and does not throw, unless all of the first block do so for
 * what the records hold.
 */
export async function runStudy(
  options: PlannedStudyOptions,
  lookAt: LookAt = () => ({ interim: null, warning: null }),
): Promise<Study> {
  const { server = embedded(), fresh = false, signal = new AbortController().signal } = options
  const onStep = beforePlan(options.name, options.onProgress)
  const { name: study, table: given } = options
  const source = given && isSource(given) ? given : null
  const factors = await withDigests(options.factors)
  const load = { server, input: options.input, source, study, design: designOf(factors) }
  const { definition, input, table } = await defineLoad(load, { signal, onStep })
  // Whoever inspected the input before knows it.
  if (input !== options.input) for (const sentence of input.found ?? []) options.onFound?.(sentence)
  const plan = makePlan({
    ...options,
    factors,
    server,
    input,
    definition,
    table: given && !isSource(given) ? given : table,
  })
  const path = journalPath(options.folder ?? studiesFolder, plan.name, plan.hash)
  const stored = fresh ? null : readJournal(path)
  if (stored) warnOf(path, stored, options.onWarning)
  if (stored && isFinished(plan, stored)) {
    const { onWarning } = options
    await verifyFiles(input, { study: plan.name, path, stored, signal, onStep, onWarning })
    const study = studyOf(plan, stored, 'disk', path)
    makeReporter(plan, stored, options.onProgress).fromDisk(study)
    releaseDeadLock(path)
    return study
  }
  makeFolder(dirname(path), elsewhere)
  const lock = await lockJournal(plan, path, signal)
  try {
    if (fresh && existsSync(path)) renameSync(path, path.replace(/\.jsonl$/, `.superseded-${Date.now()}.jsonl`))
    const { onProgress, onWarning, yes } = options
    return await measureStudy(plan, path, { server, input, signal, lookAt, onProgress, onWarning, yes })
  } finally {
    lock.release()
  }
}

/** Remedy for a folder of studies that cannot be used. */
const elsewhere = 'name another folder with --folder (`folder`)'

function attemptOn(path: string): LockAttempt {
  try {
    return tryLock(`${path}.lock`)
  } catch (error) {
    throw unwritable(path, error, elsewhere)
  }
}

/** Removes the lock of a process that was killed when the study had all its trials. */
function releaseDeadLock(path: string): void {
  if (!existsSync(`${path}.lock`)) return
  try {
    const attempt = tryLock(`${path}.lock`)
    if (attempt.state === 'held') attempt.release()
  } catch {
    // The study is read, whoever may write its folder.
  }
}

/**
 * Time in milliseconds that a call waits for an earlier one, which may be ending its interrupted
 * trial.
 */
const lockPatienceMs = 10_000

async function lockJournal(plan: Plan, path: string, signal: AbortSignal): Promise<{ release(): void }> {
  for (const begin = performance.now(); ; await setTimeout(100, null, { signal })) {
    const attempt = attemptOn(path)
    if (attempt.state === 'held') return attempt
    if (performance.now() - begin > lockPatienceMs) {
      const { pid, host } = attempt.owner
      throw new JournalError(
        displayPath(path),
        null,
        `process ${pid} on ${host} is running the study ${plan.name}: let it end, or remove ${displayPath(path)}.lock if that machine is gone`,
      )
    }
  }
}
