import { decideSequentially, primarySoFar } from '../analysis/compare/interim.js'
import { busyHostText } from '../analysis/validity/disturbed/busy-host-words.js'
import { checkOptions, inMessage, type NamesOf } from '../check.js'
import type { Claims } from '../claims/claims.js'
import { primaryContrast } from '../claims/primary.js'
import { type PlannedStudyOptions, runStudy as runPlanned } from '../executor/run-study.js'
import type { Server } from '../executor/server/server.js'
import { type ServerName, serverOf } from '../executor/server/server-named.js'
import { interruptible, isInKernel, liveProgress } from '../notebook/display.js'
import type { PreregistrationOptions, PrimaryOptions, StopRule } from '../study/preregistration.js'
import type { Interim, Study } from '../study/study.js'
import { warn } from './read-studies.js'
import { withReadersStack } from './readers-stack.js'

/** The rule by which a study may end early. */
export interface StopOptions extends Omit<StopRule, 'bound'> {
  /**
   * Shape of the bounds.
   *
   * @default 'obrien-fleming'
   */
  readonly bound?: StopRule['bound']
  /**
   * Decides at each look whether the study ends.
   *
   * @default by group-sequential bounds on the primary contrast
   */
  readonly decide?: (study: Study) => Interim
}

/** Options of a study: what it runs, on which server, and how it ends. */
export interface StudyOptions extends Omit<PlannedStudyOptions, 'server' | 'primary' | 'claims'> {
  /**
   * Where the trials run: a server, such as `embedded({ settings })`, or the name of one:
   * `'embedded'`, `'compose'` (that of docker-compose.yml), `'url'` (`DATABASE_URL` or the `PG*`
   * variables), or a `postgres://…` address.
   *
   * @default 'embedded'
   */
  readonly server?: Server | ServerName
  /**
   * The primary contrast, which is preregistered with the plan: two treatments, or the id of one of
   * `claims` that compares two treatments.
   *
   * @default none is preregistered
   */
  readonly primary?: PrimaryOptions | string
  /**
   * The file of claims that `primary` is taken from, whose digest is preregistered too:
   * `readClaims('my-claims.json')`.
   */
  readonly claims?: Claims
  /**
   * Ends the study early, as soon as the primary contrast is decided. `blocks` is then the rule's
   * `maxBlocks`.
   */
  readonly stop?: StopOptions
  /**
   * Returns the text that progress shows about the study so far, after each block.
   *
   * @default the preregistered primary contrast, where there is one
   */
  readonly interim?: (soFar: Study) => string
}

const studyOptions: NamesOf<StudyOptions> = {
  name: true,
  server: true,
  input: true,
  factors: true,
  blocks: true,
  sessions: true,
  warmUpBlocks: true,
  seed: true,
  controls: true,
  probes: true,
  table: true,
  primary: true,
  claims: true,
  level: true,
  margin: true,
  exclude: true,
  stop: true,
  interim: true,
  fresh: true,
  yes: true,
  signal: true,
  onProgress: true,
  onWarning: true,
  onFound: true,
  folder: true,
}

/**
 * Runs a study, continues an unfinished one, or reads a finished one back: every treatment once in
 * each block, in a seeded random order. Each trial is verified and appended to the journal,
 * `data/studies/<name>`, as it ends; trials of blocks that failed are run again, once a call, until
 * they have failed three times alike. A trial that breaks is data and does not throw. In a
 * notebook's cell its progress is shown and the stop button ends it, where `onProgress` and
 * `signal` are not given; the next call continues.
 *
 * @throws `TypeError` or `RangeError` for options that make no sense; `DatabaseError` for a server
 * that cannot be used; `BadRecordError` for an input that cannot be analysed; `JournalError` for a
 * journal that cannot be continued.
 * @example
 * const study = await runStudy({
 *   name: 'mine',
 *   input: flights({ records: 200_000 }),
 *   factors: { workers: [1, 2, 4], batchSize: 10_000 },
 *   blocks: 12,
 * })
 */
export async function runStudy(options: StudyOptions): Promise<Study> {
  const called = new Error('called')
  try {
    return await checkedStudy(options)
  } catch (error) {
    throw withReadersStack(error, called)
  }
}

function checkedStudy(options: StudyOptions): Promise<Study> {
  checkOptions(options, studyOptions)
  checkGiven(options)
  if (options.stop) checkOptions(options.stop, { looks: true, bound: true, maxBlocks: true, decide: true }, 'stop')
  const { stop, interim, primary, claims, ...planned } = options
  const server = serverOf(options.server)
  const rule = stop && { looks: stop.looks, bound: stop.bound, maxBlocks: stop.maxBlocks }
  const preregistered = preregistrationOptions(primary, claims)
  const { signal, onProgress } = isInKernel() ? inCell(options) : options
  const given = {
    onWarning: warn,
    onFound: isInKernel() ? console.log : console.error,
    ...planned,
    server,
    signal,
    onProgress,
    ...preregistered,
    ...(rule && { stop: rule }),
  }
  return runPlanned(given, (soFar) => ({
    interim: look(soFar, options),
    warning: busyHostText(soFar),
  }))
}

/** How a study is watched and stopped in a notebook's cell, where its options do not say. */
function inCell({ signal, onProgress }: StudyOptions): Pick<StudyOptions, 'signal' | 'onProgress'> {
  return { signal: signal ?? interruptible(), onProgress: onProgress ?? liveProgress() }
}

function preregistrationOptions(
  primary: StudyOptions['primary'],
  claims: Claims | undefined,
): Pick<PreregistrationOptions, 'primary' | 'claims'> {
  if (typeof primary !== 'string') {
    if (!claims) return primary ? { primary } : {}
    const ids = claims.claims.map(({ id }) => id).join(', ')
    throw new TypeError(
      `Expected \`primary\` to be the id of one of \`claims\` (${ids}), got ${primary ? JSON.stringify(primary) : 'none'}`,
    )
  }
  if (!claims) {
    throw new TypeError(
      `Expected \`claims\` with \`primary: ${JSON.stringify(primary)}\`, such as readClaims('my-claims.json')`,
    )
  }
  const contrast = primaryContrast(claims, primary)
  if (claims.digest === null) {
    throw new TypeError(
      'Expected `claims` to be read from a file, by readClaims(path), so that its digest is preregistered',
    )
  }
  return { primary: contrast, claims: { primary, digest: claims.digest } }
}

function look(soFar: Study, { stop, interim }: StudyOptions): Interim | null {
  if (stop) return (stop.decide ?? decideSequentially)(soFar)
  if (interim) return { look: null, decided: false, text: interim(soFar) }
  if (!soFar.plan.preregistration) return null
  return { look: null, decided: false, text: primarySoFar(soFar) }
}

/** Checks that what a study needs is there; its plan checks what the values are. */
function checkGiven({ name, input, factors, signal, onProgress }: Partial<StudyOptions>): void {
  const refuse = (option: string, expected: string, got: unknown): never => {
    throw new TypeError(`Expected \`${option}\` to be ${expected}, got ${inMessage(got)}`)
  }
  if (typeof name !== 'string') refuse('name', "the study's name", name)
  if (input === null || typeof input !== 'object' || !('inspect' in input || 'describe' in input))
    refuse('input', 'an input: flights(), csv(…) or synthetic(…)', input)
  if (typeof factors !== 'object' || factors === null)
    refuse('factors', 'levels by factor: { workers: [1, 2] }', factors)
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse('signal', 'an AbortSignal', signal)
  if (onProgress !== undefined && typeof onProgress !== 'function') refuse('onProgress', 'a function', onProgress)
}
