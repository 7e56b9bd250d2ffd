import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  failedPlaces,
  isFinished,
  missingPlaces,
  nothingDone,
  repeatedTrials,
  sessionPlaces,
} from '../../../src/study/blocks/attempts.js'
import { type PlannedPlace, plannedTrials, warmUpPlaces } from '../../../src/study/blocks/schedule.js'
import { countedTrials, sessionOfBlocks } from '../../../src/study/blocks/sessions.js'
import type { Context } from '../../../src/study/context.js'
import { journalPath, openJournal } from '../../../src/study/journal/journal.js'
import { readJournal } from '../../../src/study/journal/read-journal.js'
import { readStudy } from '../../../src/study/journal/studies.js'
import { makePlan, type PlanOptions } from '../../../src/study/make-plan.js'
import type { Plan } from '../../../src/study/plan.js'
import type { Trial } from '../../../src/study/trial.js'
import { madeContext, madeFailure, madePlan, madeTrial } from '../journal/made-study.js'

const options = (plan: Plan, changes: Partial<PlanOptions>): PlanOptions => ({
  name: plan.name,
  server: { describe: () => plan.server },
  input: { describe: () => plan.input, fits: { columns: [{ name: 'a', type: 'int4' }], primaryKey: [] } },
  factors: { workers: [1, 2] },
  ...changes,
})
const inSessions = (changes: Partial<PlanOptions>): Plan => makePlan(options(madePlan(), changes))

describe('a plan in sessions', () => {
  it.each([
    [{ sessions: 6 }, 6, 1],
    [{ sessions: 4 }, 8, 2],
    [{ sessions: 8 }, 8, 1],
    [{ sessions: 3, blocks: 12 }, 12, 4],
    [{ sessions: 1, blocks: 2 }, 2, 2],
  ])('%o has %i blocks, %i in each session', (given, blocks, blocksPerSession) => {
    const plan = inSessions(given)
    expect(plan).toMatchObject({ blocks, blocksPerSession })
    expect(plannedTrials(plan)).toBe(2 * (blocks + blocks / blocksPerSession))
    expect(sessionPlaces(plan, nothingDone).map((places) => places.length)).toEqual(
      Array.from({ length: blocks / blocksPerSession }, () => 2 * (blocksPerSession + 1)),
    )
  })

  it.each([
    [{ sessions: 4, blocks: 10 }, /`blocks` to be a multiple of the 4 `sessions`, got 10: take 8 or 12 blocks/],
    [{ sessions: 4, blocks: 3 }, /got 3: take 4 blocks/],
    [{ sessions: 0 }, /`sessions`.*from 1/],
    [{ sessions: 1.5 }, /`sessions`.*whole number/],
  ])('refuses %o', (given, message) => {
    expect(() => inSessions(given)).toThrow(message)
  })

  it('is another one than the plan that is not, and the one of more sessions of as many blocks', () => {
    const plan = inSessions({ sessions: 3, blocks: 6 })
    expect(inSessions({ blocks: 6 }).hash).not.toBe(plan.hash)
    expect(inSessions({ sessions: 2, blocks: 6 }).hash).not.toBe(plan.hash)
    expect(inSessions({ sessions: 5, blocks: 10 }).hash).toBe(plan.hash)
  })
})

/** The times of contexts and trials of a session: the one of number 2 begins at minute 2. */
const at = (session: number, second: number): string =>
  `2001-01-01T00:${String(session).padStart(2, '0')}:${String(second).padStart(2, '0')}.000Z`

let trials: Trial[] = []
let contexts: Context[] = []

/** Runs places in one more session; those at `failing` positions fail. */
function session(places: readonly PlannedPlace[], failing: readonly number[] = []): void {
  contexts.push({ ...madeContext, startedAt: at(contexts.length + 1, 0) })
  for (const [k, place] of places.entries()) {
    const number = (trials.at(-1)?.trial ?? 0) + 1
    const made = failing.includes(k) ? madeFailure(number, place) : madeTrial(number, place)
    trials.push({ ...made, startedAt: at(contexts.length, k + 1) })
  }
}

describe('a session that broke off', () => {
  const plan = inSessions({ sessions: 2, blocks: 6 })
  const [first, second] = sessionPlaces(plan, nothingDone) as [PlannedPlace[], PlannedPlace[]]
  const done = () => ({ trials, contexts })
  const blocksOf = (places: readonly PlannedPlace[]): number[] => places.map(({ block }) => block)
  beforeEach(() => {
    trials = []
    contexts = []
  })

  it('keeps its complete blocks, and the missing ones make one more, from their beginning', () => {
    // The warm-up, block 1, and one of the two trials of block 2.
    session(first.slice(0, 5))
    const [rest, last] = sessionPlaces(plan, done()) as [PlannedPlace[], PlannedPlace[]]
    expect(blocksOf(rest)).toEqual([0, 0, 2, 2, 3, 3])
    expect(last).toEqual(second)
    session(rest)
    session(last)
    expect(missingPlaces(plan, done())).toEqual([])
    const counted = countedTrials(plan, done())
    expect(counted.brokenOff.map(({ trial, block }) => [trial, block])).toEqual([[5, 2]])
    expect([...sessionOfBlocks({ contexts, ...counted })]).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
      [6, 2],
    ])
  })

  it('has a block with a failed trial run again as a whole, until it stands', () => {
    session(first, [3])
    session(second)
    for (let again = 0; again < 2; again++) {
      expect(failedPlaces({ plan, stopped: null, ...done() })).toMatchObject([{ place: { block: 1 }, standing: null }])
      const [rest] = sessionPlaces(plan, done()) as [PlannedPlace[]]
      expect(blocksOf(rest)).toEqual([0, 0, 1, 1])
      session(rest, [3])
    }
    expect(failedPlaces({ plan, stopped: null, ...done() })).toMatchObject([{ place: { block: 1 }, standing: 'alike' }])
    expect(isFinished(plan, { stopped: null, ...done() })).toBe(true)
    // Of its sessions that completed equally many trials the last counts.
    expect(countedTrials(plan, done()).trials.filter(({ block }) => block === 1)).toEqual(trials.slice(-2))
  })

  it('has a failed trial counted as run again once the block is complete', () => {
    session(first, [3])
    session(second)
    session(sessionPlaces(plan, done())[0]!)
    expect(isFinished(plan, { stopped: null, ...done() })).toBe(true)
    expect(failedPlaces({ plan, stopped: null, ...done() })).toEqual([])
    expect(repeatedTrials({ plan, ...done() }).map(({ trial }) => trial)).toEqual([4])
  })
})

describe('the journal of a study in sessions', () => {
  const plan = inSessions({ sessions: 2, blocks: 2 })
  const [places] = sessionPlaces(plan, nothingDone) as [PlannedPlace[]]
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'copylab sessions '))
    trials = []
    contexts = []
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (): string => {
    const path = journalPath(folder, plan.name, plan.hash)
    const journal = openJournal(path)
    journal.plan(plan)
    for (const [k, context] of contexts.entries()) {
      journal.session(context)
      for (const trial of trials) if (trial.startedAt.startsWith(at(k + 1, 0).slice(0, 16))) journal.trial(trial)
    }
    journal.close()
    return path
  }

  it('holds a place twice where a session broke off in its block, and once within a session', () => {
    session(places.slice(0, 3))
    session(places)
    const path = write()
    expect(readJournal(path)).toMatchObject({ damaged: [], plan: { blocksPerSession: 1 } })
    const study = readStudy(plan.name, { folder })
    expect(study.brokenOff.map(({ trial }) => trial)).toEqual([3])
    expect(study.trials).toHaveLength(places.length + warmUpPlaces(plan).length)
    trials.splice(3, 0, { ...trials[2]!, trial: 3.5 })
    for (const [k, trial] of trials.entries()) trials[k] = { ...trial, trial: k + 1 }
    writeFileSync(path, '')
    write()
    expect(readJournal(path)!.damaged).toMatchObject([
      { reason: expect.stringMatching(/has a completed trial already/) },
    ])
    expect(readFileSync(path, 'utf8')).toContain('"blocksPerSession":1')
  })
})
