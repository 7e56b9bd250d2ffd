import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { busyHost, standingBusyHost } from '../../../src/analysis/validity/disturbed/busy-host.js'
import { busyHostWarning } from '../../../src/analysis/validity/disturbed/busy-host-words.js'
import { checkStudy } from '../../../src/entries/analysis.js'
import { readStudy } from '../../../src/entries/executor.js'
import { noCheckpoint } from '../../../src/executor/server/inspect.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { madeContext } from '../../study/journal/made-study.js'
import { sentenceOf } from '../sentence-of.js'

const quiet: SimulateOptions = { blocks: 10, noise: 0.02, truth: ({ workers }) => ({ totalMs: 20_000 / workers }) }

/** A study with some readings, that ran on a server of a kind, with an input. */
function studyOn(kind: string, change: (trial: CompletedTrial) => Partial<CompletedTrial>, input: object = {}): Study {
  const study = simulateStudy({ ...quiet, change: (trial) => ({ ...trial, ...change(trial) }) })
  const { server } = madeContext
  return {
    ...study,
    plan: { ...study.plan, input: { ...input } },
    contexts: [{ ...madeContext, server: { ...server, kind } }],
  }
}

const remedyOf = (study: Study, code: string): string => {
  const finding = checkStudy(study).find((own) => own.code === code)
  if (!finding) throw new Error(`Expected the finding ${code}`)
  return sentenceOf(finding)
}

const short = { totalMs: 400 }
const files = { kind: 'csv' }

describe('remedies can be followed where the study ran', () => {
  it.each<[string, string, Partial<CompletedTrial>, object, RegExp, RegExp]>([
    [
      'autovacuum-in-trial',
      'embedded',
      { autovacuumSamples: 1 },
      {},
      /copylab's own server.*add blocks.*autovacuum: 'off'/,
      /server of your own|other tables/,
    ],
    [
      'autovacuum-in-trial',
      'url',
      { autovacuumSamples: 1 },
      {},
      /on other tables.*no one changes other tables/,
      /copylab's own server/,
    ],
    ['checkpoint-in-trial', 'embedded', { checkpoints: 1 }, {}, /max_wal_size: '16GB'/, /raised on this server/],
    ['checkpoint-in-trial', 'url', { checkpoints: 1 }, {}, /raised on this server/, /'16GB'/],
    ['swap', 'embedded', { hostSwapPages: 9999 }, {}, /end programs that take memory/, /shared_buffers/],
    ['swap', 'url', { hostSwapPages: 9999 }, {}, /shared_buffers lowered there/, /end programs/],
    ['short-trials', 'embedded', short, files, /holds 60,000 records in all.*or add blocks/, /load at least/],
    ['short-trials', 'embedded', short, { kind: 'csv', limit: 60_000 }, /load at least 150,000 records/, /in all/],
    ['short-trials', 'embedded', short, { kind: 'csv', limit: 90_000 }, /holds 60,000 records in all/, /load at least/],
    ['short-trials', 'embedded', short, { kind: 'flights' }, /load at least 150,000 records/, /in all/],
  ])('%s on %s with %o', (code, kind, change, input, said, unsaid) => {
    const words = remedyOf(
      studyOn(kind, () => change, input),
      code,
    )
    expect(words).toMatch(said)
    expect(words).not.toMatch(unsaid)
  })

  it('a place that matters asks for checkpoints only where there are none', () => {
    const slowFirst = (checkpoints: 'between' | 'none') =>
      simulateStudy({
        ...quiet,
        vary: (own) => [{ ...own, checkpoints }],
        change: (trial) => ({ ...trial, totalMs: trial.totalMs * (trial.position === 1 ? 1.3 : 1) }),
      })
    expect(remedyOf(slowFirst('none'), 'position-effect')).toMatch(/: take checkpoints: 'between', or add blocks$/)
    expect(remedyOf(slowFirst('between'), 'position-effect')).toMatch(/: add blocks$/)
  })

  it('the right to checkpoint is granted where it can be', () => {
    expect(noCheckpoint(140_000).message).toMatch(
      /: connect as a superuser, since before PostgreSQL 15 nobody else may$/,
    )
    expect(noCheckpoint(150_000).message).toMatch(/: connect as a superuser, or grant this user pg_checkpoint$/)
  })
})

describe('checkpoints that treatments ask not to have between trials', () => {
  it('are found apart, and leave no block out', () => {
    const study = simulateStudy({
      ...quiet,
      vary: (own) => [
        { ...own, checkpoints: 'between' },
        { ...own, checkpoints: 'none' },
      ],
      change: (trial) => ({ ...trial, checkpoints: trial.block === 1 ? 1 : 0 }),
    })
    const found = checkStudy(study).filter(({ code }) => code === 'checkpoint-in-trial')
    expect(found).toMatchObject([{ checkpoints: 'between' }, { checkpoints: 'none' }])
    expect(found.map(({ trials }) => trials.length)).toEqual([2, 2])
    expect(sentenceOf(found[1]!)).toContain('leaves no block out')
  })
})

describe('busyHost', () => {
  const used = (share: (trial: CompletedTrial) => number, totalMs = 2_000) =>
    studyOn('embedded', (trial) => ({ hostOthers: share(trial), totalMs }))

  it('finds nothing where others use next to nothing, and lets the error of a short trial pass', () => {
    expect(busyHost(used(() => 0.04))).toEqual([])
    expect(busyHost(used(() => -0.02))).toEqual([])
    expect(busyHost(used(() => 0.2, 200))).toEqual([])
  })

  it('names the trials, and stands from a tenth of them on', () => {
    const few = used(({ trial }) => (trial === 3 ? 0.4 : 0.02))
    expect(busyHost(few)).toMatchObject([{ trials: [3], known: 20, cores: 2 }])
    expect(standingBusyHost(few)).toBeNull()
    expect(busyHostWarning(few)).toBeNull()
    const some = used(({ trial }) => (trial <= 2 ? 0.4 : 0.02))
    expect(busyHostWarning(some)!.text).toMatch(/^Other processes used 0.8 of 2 cores in 2 of 20 trials, so that/)
  })

  it('derives nothing where a new trial says why it is not known', () => {
    const unknown = { hostOthers: null, missing: { hostOthers: 'client and server run on two hosts' } }
    expect(busyHost(studyOn('embedded', () => unknown))).toEqual([])
  })

  it.each(['reference-arrangements', 'reference-capacity', 'reference-confirmed'])('is quiet about %s', (name) => {
    expect(busyHost(readStudy(name))).toEqual([])
  })

  it('finds the two disturbed trials of reference-workers, and gives no alarm for them', () => {
    expect(busyHost(readStudy('reference-workers'))).toMatchObject([{ trials: [118, 119], derived: true }])
    expect(busyHostWarning(readStudy('reference-workers'))).toBeNull()
  })
})
