import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listStudies, readStudies, readStudy } from '../../../src/entries/executor.js'
import type { PlannedPlace } from '../../../src/study/blocks/schedule.js'
import { journalPath, openJournal } from '../../../src/study/journal/journal.js'
import { asStored } from '../../../src/study/journal/journal-trial.js'
import { readJournal } from '../../../src/study/journal/read-journal.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { madeContext, madeFailure, madePlan, madeTrial, placesOf } from './made-study.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab journal '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const plan = madePlan()
const [first, second] = placesOf(plan) as [PlannedPlace, PlannedPlace]
const failed = madeFailure(2, second)
const disturbed: CompletedTrial = {
  ...madeTrial(1, first),
  interruptions: [{ of: 'client', atMs: 210.5, ms: 1_500.25 }],
  blockers: [{ pid: 4711, user: 'reports', application: 'psql', workers: [0, 1], waitedMs: 320.5 }],
}

function write(): string {
  const path = journalPath(folder, 'made', plan.hash)
  const journal = openJournal(path)
  journal.plan(plan)
  journal.session(madeContext)
  journal.trial(disturbed)
  journal.trial(failed)
  journal.close()
  return path
}

describe('journal', () => {
  it('readJournal gives back what was appended, times to 10 µs', () => {
    const contents = readJournal(write())!
    expect(contents).toMatchObject({ plan, contexts: [madeContext], stopped: null, damaged: [], sealed: true })
    expect(contents.trials[1]).toEqual(failed)
    const read = contents.trials[0] as CompletedTrial
    const given = disturbed
    expect(read).toEqual(asStored(given))
    expect(read.totalMs).toBe(Number(given.totalMs.toFixed(3)))
    const { waits, clientSeries, serverSeries, workerReadings } = given
    expect(read).toMatchObject({ waits, clientSeries, serverSeries, workerReadings })
    for (const [k, part] of given.parts.entries()) {
      expect(read.parts[k]).toMatchObject({ worker: part.worker, batch: part.batch, records: part.records })
      expect(Math.abs(read.parts[k]!.startMs - part.startMs)).toBeLessThan(0.0051)
      expect(Math.abs(read.parts[k]!.copyMs - part.copyMs)).toBeLessThan(0.0051)
    }
  })

  it('openJournal cuts a torn last line off before the next, and goes on with its number', () => {
    const path = write()
    appendFileSync(path, '{"line":5,"type":"trial","trial":{"tri')
    expect(readJournal(path)!.trials).toHaveLength(2)
    const journal = openJournal(path)
    journal.trial(madeFailure(3, second))
    journal.close()
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines.slice(0, -1).map((line) => JSON.parse(line).line)).toEqual([1, 2, 3, 4, 5])
    expect(readJournal(path)).toMatchObject({ damaged: [], trials: [{}, {}, { trial: 3 }] })
  })

  it('readJournal refuses a journal of another format version', () => {
    const path = journalPath(folder, 'made', plan.hash)
    const journal = openJournal(path)
    journal.plan({ ...plan, schemaVersion: 99 })
    journal.close()
    expect(() => readJournal(path)).toThrow(/written in format 99/)
  })

  it('a study of 540 trials with their parts stays below 5 MB', () => {
    const workers = [1, 2, 3, 4, 6, 8]
    const large = madePlan({ blocks: 30 }, { workers, batchSize: [10_000, 20_000, 30_000] })
    const path = journalPath(folder, 'made', large.hash)
    const journal = openJournal(path)
    journal.plan(large)
    journal.session(madeContext)
    for (const [k, place] of placesOf(large).entries())
      journal.trial(madeTrial(k + 1, place, Math.ceil(717_000 / place.treatment.batchSize)))
    journal.close()
    const { trials, damaged } = readJournal(path)!
    expect([trials.length, damaged]).toEqual([540, []])
    expect(statSync(path).size).toBeLessThan(5_000_000)
  })
})

describe('readStudy', () => {
  const later = (startedAt: string) => ({ ...madeContext, startedAt })

  it('readStudy reads the newest plan of a name, or the one asked for', () => {
    write()
    const other = madePlan({ seed: 2 })
    const journal = openJournal(journalPath(folder, 'made', other.hash))
    journal.plan(other)
    journal.session(later('2002-01-01T00:00:00.000Z'))
    journal.close()
    expect(readStudy('made', { folder }).plan.hash).toBe(other.hash)
    expect(readStudy('made', { folder, hash: plan.hash }).trials).toHaveLength(2)
    expect(readStudy('made', { folder }).origin).toBe('disk')
    expect(listStudies(folder)).toEqual(['made'])
  })

  it('readStudies reads every plan of every name, the newest of a name first', () => {
    expect(readStudies({ folder })).toEqual([])
    write()
    const [newer, another] = [madePlan({ seed: 2 }), madePlan({ name: 'another' })]
    for (const [own, startedAt] of [
      [newer, '2002-01-01T00:00:00.000Z'],
      [another, '2000-01-01T00:00:00.000Z'],
    ] as const) {
      const journal = openJournal(journalPath(folder, own.name, own.hash))
      journal.plan(own)
      journal.session(later(startedAt))
      journal.close()
    }
    const studies = readStudies({ folder })
    expect(studies.map((study) => `${study.plan.name} ${study.plan.hash}`)).toEqual([
      `another ${another.hash}`,
      `made ${newer.hash}`,
      `made ${plan.hash}`,
    ])
    expect(studies[2]).toEqual(readStudy('made', { folder, hash: plan.hash }))
  })

  it('readStudy of a name that is not there says which are', () => {
    write()
    expect(() => readStudy('absent', { folder })).toThrow(/got "absent"; there are made/)
  })
})
