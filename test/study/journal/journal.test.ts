import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { journalPath, readJournal } from '../../../src/study/journal/journal.js'
import { asStored } from '../../../src/study/journal/journal-trial.js'
import { listStudies, readStudies, readStudy } from '../../../src/study/journal/studies.js'
import { openJournal } from '../../../src/study/journal/write-journal.js'
import { missingPlaces } from '../../../src/study/schedule.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { brokenTrial, madeContext, madePlan, madeTrial, parts, writeJournal } from './made-journal.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab journal '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const plan = madePlan()
const places = missingPlaces(plan, [])
const first = madeTrial(1, places[0]!)
const failed = brokenTrial(2, places[1]!)

function write(): string {
  const path = journalPath(folder, 'made', plan.hash)
  const journal = openJournal(path)
  journal.plan(plan)
  journal.session(madeContext)
  journal.trial(first)
  journal.trial(failed)
  journal.close()
  return path
}

describe('journal', () => {
  it('readJournal gives back what was appended, times to 10 µs', () => {
    const contents = readJournal(write())!
    expect(contents).toMatchObject({ plan, contexts: [madeContext], damaged: [], unproven: false })
    expect(contents.trials[1]).toEqual(failed)
    const read = contents.trials[0] as CompletedTrial
    expect(read).toEqual(asStored(first))
    expect(read.totalMs).toBe(2980.123)
    const { waits, clientSeries, serverSeries, workerReadings } = first
    expect(read).toMatchObject({ waits, clientSeries, serverSeries, workerReadings })
    for (const [k, part] of first.parts.entries()) {
      expect(read.parts[k]).toMatchObject({ worker: part.worker, batch: part.batch, records: part.records })
      expect(Math.abs(read.parts[k]!.startMs - part.startMs)).toBeLessThan(0.0051)
      expect(Math.abs(read.parts[k]!.copyMs - part.copyMs)).toBeLessThan(0.0051)
    }
  })

  it('readJournal tells of a torn last line, and openJournal cuts it off before the next', () => {
    const path = write()
    appendFileSync(path, '{"line":5,"type":"trial","trial":{"tri')
    expect(readJournal(path)).toMatchObject({ damaged: [{ line: 5, reason: 'is torn off' }] })
    expect(readJournal(path)!.trials).toHaveLength(2)
    const journal = openJournal(path)
    journal.trial(madeTrial(3, places[2]!))
    journal.close()
    expect(readJournal(path)).toMatchObject({ damaged: [] })
    expect(readJournal(path)!.trials).toHaveLength(3)
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    expect(lines.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual([1, 2, 3, 4, 5])
  })

  it('readJournal takes a last line without its end for torn, and openJournal cuts it off', () => {
    const path = write()
    truncateSync(path, statSync(path).size - 1)
    expect(readJournal(path)).toMatchObject({ damaged: [{ line: 4, reason: 'is torn off' }] })
    openJournal(path).close()
    expect(readJournal(path)!.trials).toHaveLength(1)
  })

  it('readJournal refuses a journal of another format version', () => {
    const path = journalPath(folder, 'made', plan.hash)
    const journal = openJournal(path)
    journal.plan({ ...plan, schemaVersion: 99 })
    journal.close()
    expect(() => readJournal(path)).toThrow(/written in format 99/)
  })

  it('a study of 540 trials with their parts stays below 5 MB', () => {
    const factors = { workers: [1, 2, 3, 4, 6, 8], batchSize: [12_000, 24_000, 30_000] }
    const large = madePlan({ factors, blocks: 30 })
    const path = journalPath(folder, 'made', large.hash)
    const journal = openJournal(path)
    journal.plan(large)
    journal.session({ ...madeContext, input: { ...madeContext.input, records: 720_000 } })
    for (const [k, place] of missingPlaces(large, []).entries()) {
      const { workers, batchSize } = place.treatment
      const own = parts(720_000 / batchSize, workers, batchSize)
      journal.trial(madeTrial(k + 1, place, own))
    }
    journal.close()
    const { trials, damaged } = readJournal(path)!
    expect([trials.length, damaged]).toEqual([540, []])
    expect(statSync(path).size).toBeLessThan(5_000_000)
  })
})

describe('readStudy', () => {
  it('readStudy reads the newest plan of a name, or the one asked for', () => {
    const path = write()
    const other = madePlan({ seed: 2 })
    writeJournal(folder, other, { ...madeContext, startedAt: '2002-01-01T00:00:00.000Z' })
    expect(readStudy('made', { folder }).plan.hash).toBe(other.hash)
    expect(readStudy('made', { folder, hash: plan.hash }).trials).toHaveLength(2)
    expect(readStudy('made', { folder, hash: plan.hash })).toMatchObject({ origin: 'disk', journal: path, damaged: [] })
    expect(listStudies(folder)).toEqual(['made'])
  })

  it('readStudies reads every plan of every name, the newest of a name first', () => {
    expect(readStudies({ folder })).toEqual([])
    write()
    const [newer, another] = [madePlan({ seed: 2 }), madePlan({ name: 'another' })]
    writeJournal(folder, newer, { ...madeContext, startedAt: '2002-01-01T00:00:00.000Z' })
    writeJournal(folder, another, { ...madeContext, startedAt: '2000-01-01T00:00:00.000Z' })
    const studies = readStudies({ folder })
    expect(studies.map((study) => study.plan.hash)).toEqual([another.hash, newer.hash, plan.hash])
    expect(studies[2]).toEqual(readStudy('made', { folder, hash: plan.hash }))
  })

  it('readStudy of a name that is not there says which are', () => {
    write()
    expect(() => readStudy('absent', { folder })).toThrow(/got "absent"; there are made/)
  })
})
