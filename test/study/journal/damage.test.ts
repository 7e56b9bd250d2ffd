import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkStudy, compare, sentencesOf, summarise } from '../../../src/entries/analysis.js'
import { readStudies, readStudy } from '../../../src/entries/executor.js'
import { openJournal } from '../../../src/study/journal/journal.js'
import { JournalError } from '../../../src/study/journal/journal-error.js'
import { readJournal } from '../../../src/study/journal/read-journal.js'
import { sealedLine } from '../../../src/study/journal/seal.js'
import { madeContext, madePlan, madeTrial, placesOf, writeStudy } from './made-study.js'

let folder: string
let path: string
const plan = madePlan()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab damage '))
  path = writeStudy(folder, plan)
})
afterEach(() => rmSync(folder, { recursive: true }))

const linesOf = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)
const write = (lines: readonly string[]): void => writeFileSync(path, `${lines.join('\n')}\n`)
/** The line of the k-th trial, from 1: after the plan and the session. */
const ofTrial = (k: number): number => k + 2

/** Report of a reader: the damaged lines, and the numbers of the trials that count. */
function read(): { damaged: readonly { line: number; reason: string }[]; trials: number[] } {
  const { damaged, trials } = readJournal(path)!
  return { damaged, trials: trials.map(({ trial }) => trial) }
}

/** The journal as a copylab before digests wrote it. */
function withoutSeals(): void {
  write(linesOf().map((line) => line.replace(/^\{"line":\d+,/, '{').replace(/,"digest":"[0-9a-f]{16}"\}$/, '}')))
}

/**
 * Sets a field of what a line holds, or removes it, and seals the line again where it was sealed.
 */
function edit(at: number, field: string, value: unknown): void {
  write(
    linesOf().map((text, k) => {
      if (k + 1 !== at) return text
      const { line, digest, ...content } = JSON.parse(text)
      const names = field.split('.')
      const last = names.pop()!
      const holder = names.reduce((own, name) => own[name], content)
      if (value === undefined) delete holder[last]
      else holder[last] = value
      return digest === undefined ? JSON.stringify(content) : sealedLine(line, content, plan.hash)
    }),
  )
}

/** The lines with another text in the place of the one at an index, or of several from there on. */
function replaced(lines: readonly string[], from: number, text: readonly string[], count = 1): string[] {
  return [...lines.slice(0, from), ...text, ...lines.slice(from + count)]
}

describe('a damaged line', () => {
  it.each<[string, (lines: string[]) => readonly string[], number[], [number, RegExp][]]>([
    ['a digit of a time', (l) => replaced(l, 3, [l[3]!.replace(/"totalMs":./, '"totalMs":9')]), [2], [[4, /digest/]]],
    ['NULs', (l) => replaced(l, 3, ['\0'.repeat(40)]), [2], [[4, /JSON/]]],
    ['half a line', (l) => replaced(l, 3, [l[3]!.slice(0, 300)]), [2], [[4, /seal/]]],
    ['the digest', (l) => replaced(l, 3, [l[3]!.replace(/"\}$/, '')]), [2], [[4, /seal/]]],
    ['a doubled line', (l) => replaced(l, 4, [l[3]!], 0), [], [[5, /line 4, in the wrong place/]]],
    ['a line moved up', (l) => [...l.slice(0, 3), l[7]!, ...l.slice(3, 7)], [6], [[4, /line 8, in the wrong place/]]],
    ['a removed line', (l) => replaced(l, 3, [], 1), [2], [[4, /a line is missing before it/]]],
    ['two removed lines', (l) => replaced(l, 3, [], 2), [2, 3], [[4, /2 lines are missing before it/]]],
    ['swapped lines', (l) => replaced(replaced(l, 3, [l[4]!]), 4, [l[3]!]), [3], [[4, /line 5, in the wrong place/]]],
    [
      'a line end',
      (l) => replaced(l, 3, [`${l[3]}*${l[4]}`], 2),
      [2, 3],
      [
        [4, /digest/],
        [5, /missing/],
      ],
    ],
    [
      'a new line end',
      (l) => replaced(l, 3, [l[3]!.replace('"phase"', '"\nphase"')]),
      [2],
      [
        [4, /seal/],
        [5, /seal/],
      ],
    ],
    [
      'a line without its seal',
      (l) => replaced(l, 3, [l[3]!.replace(/^\{"line":4,/, '{').replace(/,"digest.*/, '}')]),
      [2],
      [[4, /no digest/]],
    ],
    ['no JSON', (l) => replaced(l, 3, ['garbage']), [2], [[4, /JSON/]]],
    ['the session', (l) => replaced(l, 1, [l[1]!.replace('cores', 'corse')]), [], [[2, /digest/]]],
  ])('loses itself alone: %s', (_, change, lost, reasons) => {
    write(change(linesOf()))
    const { damaged, trials } = read()
    expect(trials).toEqual([1, 2, 3, 4, 5, 6].filter((trial) => !lost.includes(trial)))
    expect(damaged.map(({ line }) => line)).toEqual(reasons.map(([line]) => line))
    for (const [k, [, reason]] of reasons.entries()) expect(damaged[k]!.reason).toMatch(reason)
  })

  it('is one of another journal', () => {
    const other = writeStudy(folder, madePlan({ seed: 2 }))
    write(replaced(linesOf(), 3, [readFileSync(other, 'utf8').split('\n')[3]!]))
    expect(read()).toEqual({
      damaged: [{ line: 4, reason: expect.stringContaining('digest') }],
      trials: [1, 3, 4, 5, 6],
    })
  })

  it('is a torn one at the end, too', () => {
    appendFileSync(path, linesOf()[3]!.slice(0, 99))
    expect(read()).toEqual({
      damaged: [{ line: 9, reason: expect.stringContaining('no end') }],
      trials: [1, 2, 3, 4, 5, 6],
    })
  })

  it('is measured again by the next call, under a number of its own', () => {
    write(replaced(linesOf(), 3, ['garbage']))
    const { trials } = readJournal(path)!
    const journal = openJournal(path)
    journal.session(madeContext)
    journal.trial(madeTrial(7, placesOf(plan)[1]!))
    journal.close()
    expect(trials).toHaveLength(5)
    expect(read()).toEqual({ damaged: [{ line: 4, reason: expect.anything() }], trials: [1, 3, 4, 5, 6, 7] })
  })

  it('is said by every reader, and is a finding', () => {
    const whole = readStudy('made', { folder })
    write(replaced(linesOf(), 3, [linesOf()[3]!.replace(/"totalMs":./, '"totalMs":9')]))
    const warned: string[] = []
    const study = readStudy('made', { folder, onWarning: (text) => warned.push(text) })
    expect(warned).toEqual([expect.stringMatching(new RegExp(`${plan.hash}\\.jsonl:4: damaged, .*not counted`))])
    const [finding] = checkStudy(study)
    expect(finding).toMatchObject({ code: 'damaged-line', lines: [{ line: 4 }] })
    expect(sentencesOf(finding!).join()).toMatch(/line 4 .*damaged and not counted|damaged and not counted.*line 4/)
    const b = { a: { workers: 2 }, b: { workers: 4 } }
    expect(compare(whole, b).blocks).toBe(3)
    expect(compare(study, b).blocks).toBe(2)
    expect(
      summarise(study)
        .map(({ n }) => n)
        .sort(),
    ).toEqual([2, 3])
    const shown = vi.spyOn(console, 'warn').mockImplementation(() => {})
    readStudy('made', { folder })
    expect(shown.mock.calls.flat().join()).toContain('damaged')
    shown.mockRestore()
  })
})

describe('a journal that contradicts itself', () => {
  const contradictions: [string, number, string, unknown, RegExp][] = [
    ['no time', ofTrial(2), 'trial.totalMs', 0, /totalMs/],
    ['a negative time', ofTrial(2), 'trial.totalMs', -5, /totalMs/],
    ['a time that holds nothing', ofTrial(2), 'trial.totalMs', 1e-9, /total time/],
    ['an endless time', ofTrial(2), 'trial.totalMs', 1e300, /total time/],
    ['another digit of its time', ofTrial(2), 'trial.totalMs', 3600.123, /does not agree/],
    ['another digit of the time in COPY', ofTrial(2), 'trial.copyMs', 70.5, /does not agree/],
    ['a number far ahead', ofTrial(2), 'trial.trial', 92, /number 92, in the wrong place/],
    ['a day that there is not', ofTrial(2), 'trial.startedAt', '2001-01-42T00:00:00.000Z', /startedAt/],
    ['a part without end', ofTrial(2), 'trial.parts.start.0', 1e308, /start/],
    ['a time that is a text', ofTrial(2), 'trial.copyMs', '5', /copyMs/],
    ['fewer records', ofTrial(2), 'trial.records', 59_999, /it loaded 59999 records/],
    ['no records', ofTrial(2), 'trial.records', 0, /it loaded 0 records/],
    ['another checksum', ofTrial(2), 'trial.checksum', '1', /checksum/],
    ['no checksum', ofTrial(2), 'trial.checksum', null, /checksum/],
    ['parts of other records', ofTrial(2), 'trial.parts.records.0', 1, /parts hold/],
    ['a worker that is not there', ofTrial(2), 'trial.parts.worker.0', 9, /part of worker/],
    ['-1 workers', ofTrial(2), 'trial.treatment.workers', -1, /plan has no such trial/],
    ['64 workers', ofTrial(2), 'trial.treatment.workers', 64, /plan has no such trial/],
    ['block 99', ofTrial(2), 'trial.block', 99, /plan has no such trial|number/],
    ['block 1.5', ofTrial(2), 'trial.block', 1.5, /block/],
    ['block -3', ofTrial(2), 'trial.block', -3, /block/],
    ['phase x', ofTrial(2), 'trial.phase', 'x', /phase/],
    ['another position', ofTrial(2), 'trial.position', 1, /plan has no such trial/],
    ['a number twice', ofTrial(2), 'trial.trial', 1, /number 1, in the wrong place/],
    ['no parts', ofTrial(2), 'trial.parts', undefined, /parts/],
    ['no treatment', ofTrial(2), 'trial.treatment', undefined, /treatment/],
    ['an unknown state', ofTrial(2), 'trial.state', 'done', /state/],
    ['no moment', ofTrial(2), 'trial.startedAt', 'today', /startedAt/],
    ['a factor that there is not', ofTrial(2), 'trial.treatment.distatch', 'split', /additional properties/],
    ['a reading too few', ofTrial(2), 'trial.workerReadings.backPressureMs', [1], /readings/],
    ['an event that is not listed', ofTrial(2), 'trial.waits.timeline.events', ['idle'], /timeline/],
    ['no settings', 2, 'context.server.settings', undefined, /settings/],
    ['null for a line', 3, 'trial', null, /trial/],
  ]

  it.each(contradictions)('loses the line, sealed or not: %s', (_, line, field, value, reason) => {
    for (const prepare of [() => {}, withoutSeals]) {
      path = writeStudy(mkdtempSync(join(folder, 'of-')), plan)
      prepare()
      edit(line, field, value)
      const { damaged, trials } = read()
      expect(damaged).toEqual([{ line, reason: expect.stringMatching(reason) }])
      expect(trials).toHaveLength(line === 2 ? 6 : 5)
    }
  })

  it('has a second completed trial in one place', () => {
    const journal = openJournal(path)
    journal.trial(madeTrial(7, placesOf(plan)[1]!))
    journal.close()
    expect(read()).toEqual({
      damaged: [{ line: 9, reason: expect.stringContaining('already') }],
      trials: [1, 2, 3, 4, 5, 6],
    })
  })

  it('has another truth in its session than in its trials, which agree: the session is not counted', () => {
    for (const prepare of [() => {}, withoutSeals]) {
      path = writeStudy(mkdtempSync(join(folder, 'of-')), plan)
      prepare()
      edit(2, 'context.input.records', 9)
      expect(read()).toEqual({
        damaged: [{ line: 2, reason: 'its input differs from that of the trials' }],
        trials: [1, 2, 3, 4, 5, 6],
      })
      expect(readJournal(path)!.contexts).toEqual([])
    }
  })

  it('ends early without a rule to end by: it is not finished', () => {
    const journal = openJournal(path)
    journal.stop({ look: 1, block: 2, text: 'decided' })
    journal.close()
    expect(readJournal(path)).toMatchObject({
      stopped: null,
      damaged: [{ line: 9, reason: expect.stringContaining('no rule') }],
    })
  })

  it.each([
    ['the seed', 'plan.seed', 2],
    ['the input', 'plan.input', { kind: 'other' }],
    ['the hash', 'plan.hash', 'ffffffffffff'],
    ['the name', 'plan.name', 'other'],
    ['a treatment', 'plan.treatments.0.workers', 3],
    ['no treatments', 'plan.treatments', undefined],
    ['a factor that there is not', 'plan.treatments.0.distatch', 'split'],
    ['something left out that is none', 'plan.leftOut', 5],
    ['something left out without a treatment', 'plan.leftOut', [{ treatment: {}, sameAs: {}, factors: ['workers'] }]],
    ['a preregistration that is none', 'plan.preregistration', { primary: null }],
    ['a negative number of blocks', 'plan.blocks', -1],
    ['too many blocks', 'plan.blocks', 1e9],
  ])('has another plan than its name says, and is refused by name: %s', (_, field, value) => {
    const other = writeStudy(folder, madePlan({ name: 'other' }))
    for (const prepare of [() => {}, withoutSeals]) {
      prepare()
      edit(1, field, value)
      expect(() => readStudy('made', { folder })).toThrow(/made.*holds no plan that can be trusted/)
      const warned: string[] = []
      const studies = readStudies({ folder, onWarning: (text) => warned.push(text) })
      expect(studies.map((study) => study.journal.split('/').at(-1))).toEqual([other.split('/').at(-1)])
      expect(warned.join()).toMatch(/made.*damaged|damaged.*made/)
    }
  })

  it('is read where its lines carry no digests, which is said once', () => {
    withoutSeals()
    const warned: string[] = []
    for (let k = 0; k < 2; k++) {
      const study = readStudy('made', { folder, onWarning: (text) => warned.push(text) })
      expect([study.trials.length, study.damaged]).toEqual([6, []])
    }
    expect(warned).toEqual([expect.stringContaining('from before lines carried digests')])
  })

  it.each([
    ['a trial', (l: string[]) => replaced(l, 3, [], 1), /1 trials? (is|are) missing|missing before it/],
    ['a doubled trial', (l: string[]) => replaced(l, 3, [l[3]!], 0), /number 2, in the wrong place/],
  ])('misses it where its lines carry no digests, too: %s', (_, change, reason) => {
    withoutSeals()
    write(change(linesOf()))
    expect(read().damaged).toEqual([{ line: expect.any(Number), reason: expect.stringMatching(reason) }])
  })
})

describe('what is no journal', () => {
  const inItsPlace = (make: (path: string) => unknown): void => {
    rmSync(path)
    make(path)
  }

  it.each<[string, () => void, RegExp]>([
    ['an empty file', () => writeFileSync(path, ''), /holds no plan/],
    ['a plan that is cut off', () => writeFileSync(path, linesOf()[0]!.slice(0, 50)), /holds no plan/],
    ['no plan line', () => write(linesOf().slice(1)), /holds no plan/],
    ['a damaged plan line', () => write(replaced(linesOf(), 0, ['garbage'])), /holds no plan/],
    ['a folder', () => inItsPlace(mkdirSync), /is a folder/],
    ['a pipe', () => inItsPlace(() => execFileSync('mkfifo', [path])), /is a pipe/],
    ['a link to nothing', () => inItsPlace(() => symlinkSync(join(folder, 'nothing'), path)), /points to is gone/],
  ])('is named whole, and hides no other: %s', (_, make, reason) => {
    writeStudy(folder, madePlan({ name: 'other' }))
    make()
    const name = new RegExp(`made/${plan.hash}\\.jsonl`)
    expect(() => readStudy('made', { folder })).toThrow(JournalError)
    expect(() => readStudy('made', { folder })).toThrow(reason)
    expect(() => readStudy('made', { folder })).toThrow(name)
    const warned: string[] = []
    expect(readStudies({ folder, onWarning: (text) => warned.push(text) }).map(({ plan: own }) => own.name)).toEqual([
      'other',
    ])
    expect(warned.join()).toMatch(name)
  })

  it('is a folder of studies that is a file', () => {
    expect(() => readStudies({ folder: path })).toThrow(JournalError)
    expect(dirname(path)).toContain('made')
  })
})

describe('openJournal', () => {
  it('writes a line whole or not at all where there is no room for it, says what is kept, and goes on once there is', () => {
    const begun = readFileSync(path)
    const module = new URL('../../../dist/study/journal/journal.js', import.meta.url)
    const script = `
      const { openJournal } = await import(${JSON.stringify(module)})
      const journal = openJournal(process.argv[1])
      try {
        for (;;) journal.stop({ look: 1, block: 1, text: 'x'.repeat(700) })
      } catch (error) {
        console.log(error.name, error.message)
      }`
    // No file grows beyond a number of KiB; a write that would is cut short, as on a full disk.
    const limit = Math.ceil(begun.length / 1024) + 8
    const limited = `trap '' XFSZ; ulimit -f ${limit}; exec "$0" --input-type=module --eval "$1" "$2"`
    const said = execFileSync('bash', ['-c', limited, process.execPath, script, path], { encoding: 'utf8' })
    expect(said).toContain(`JournalError ${path}: cannot be written: `)
    expect(said).toContain('are kept: make room, and the same call continues')
    const written = readFileSync(path)
    expect(written.subarray(0, begun.length).equals(begun)).toBe(true)
    expect(written.length).toBeGreaterThan(begun.length)
    expect(written.at(-1)).toBe(10)
    const journal = openJournal(path)
    journal.session(madeContext)
    journal.close()
    const { damaged, contexts, trials } = readJournal(path)!
    expect(damaged.every(({ reason }) => reason.includes('no rule'))).toBe(true)
    expect([contexts.length, trials.length]).toEqual([2, 6])
  })

  it('names the whole file that cannot be written', () => {
    const blocked = join(path, 'below', 'ffffffffffff.jsonl')
    expect(() => openJournal(blocked)).toThrow(`${blocked}: cannot be written: `)
  })
})
