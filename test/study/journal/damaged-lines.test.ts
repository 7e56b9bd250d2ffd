import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStudy, sentencesOf } from '../../../src/entries/analysis.js'
import { journalPath, readJournal } from '../../../src/study/journal/journal.js'
import { JournalError } from '../../../src/study/journal/journal-error.js'
import { sealed } from '../../../src/study/journal/seal.js'
import { readStudy } from '../../../src/study/journal/studies.js'
import { openJournal } from '../../../src/study/journal/write-journal.js'
import type { Plan } from '../../../src/study/plan.js'
import { missingPlaces } from '../../../src/study/schedule.js'
import { madeContext, madePlan, madeTrial, unsealed, writeJournal } from './made-journal.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab damage '))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Lines 1 and 2 are the plan and the session, 3 and 4 the warm-up, 5 to 8 the trials of two blocks. */
const plan = madePlan({ warmUpBlocks: 1 })

type Edit = (lines: readonly string[]) => readonly string[]
type Content = { readonly type: string } & Record<string, unknown>

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)
const writeLines = (path: string, lines: readonly string[]): void =>
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))

/** A line with its content changed, under a seal of its own. */
function resealed(hash: string, line: string, change: (content: Content) => object): string {
  const { line: number, digest: _, ...content } = JSON.parse(line) as Content & { line: number; digest: string }
  return sealed(number, hash, { ...content, ...change(content as Content) } as Content)
}

/** One line changed: its text, or what it holds under a new digest. */
const text =
  (at: number, change: (line: string) => string): Edit =>
  (lines) =>
    lines.map((line, k) => (k + 1 === at ? change(line) : line))
const held = (at: number, change: (content: Content) => object, hash = plan.hash): Edit =>
  text(at, (line) => resealed(hash, line, change))
const trial = (at: number, fields: object): Edit =>
  held(at, (content) => ({ trial: { ...(content.trial as object), ...fields } }))

/** What is said of a journal after an edit, and the numbers of the trials that count. */
function edited(edit: Edit) {
  const path = journalPath(folder, plan.name, plan.hash)
  rmSync(path, { force: true })
  writeJournal(folder, plan)
  writeLines(path, edit(linesOf(path)))
  const { damaged, trials, contexts } = readJournal(path)!
  return {
    damaged: damaged.map(({ line, reason }) => `${line} ${reason}`),
    trials: trials.map((one) => one.trial),
    contexts,
  }
}

describe('readJournal counts no damaged line, and says which it is', () => {
  it.each<[string, Edit, number, string]>([
    [
      'a digit changed',
      text(6, (line) => line.replace('"totalMs":29', '"totalMs":39')),
      6,
      'does not match its digest',
    ],
    ['no JSON', text(6, () => 'garbage'), 6, 'is not a line of JSON'],
    ['NULs', text(6, (line) => '\0'.repeat(line.length)), 6, 'is not a line of JSON'],
    ['its digest lost', text(6, (line) => unsealed([line])[0]!), 6, 'carries no digest, and lines before it do'],
    ['its number changed', text(6, (line) => line.replace('"line":6', '"line":7')), 6, 'does not match its digest'],
    [
      'sealed for another plan',
      text(6, (line) => resealed('0'.repeat(12), line, () => ({}))),
      6,
      'does not match its digest',
    ],
    ['no trial', held(6, () => ({ trial: null })), 6, 'does not hold what it must (trial must be object)'],
    ['no type', held(6, () => ({ type: 'other' })), 6, 'is neither a plan, a session, a trial nor a stop'],
    ['time as text', trial(6, { totalMs: '1' }), 6, 'does not hold what it must (trial.totalMs must be number)'],
    ['no time', trial(6, { totalMs: 0 }), 6, 'does not hold what it must (trial.totalMs must be > 0)'],
    ['a time below zero', trial(6, { copyMs: -5 }), 6, 'does not hold what it must (trial.copyMs must be >= 0)'],
    ['a time of no load', trial(6, { totalMs: 1e300 }), 6, 'has times that do not add up'],
    ['other records', trial(6, { records: 10 }), 6, 'does not have the records of its parts'],
    ['another checksum', trial(6, { checksum: '7' }), 6, 'did not load what the input holds'],
    ['no checksum', trial(6, { checksum: null }), 6, 'has a checksum although it loaded nothing, or none'],
    [
      'another state',
      trial(6, { state: 'done' }),
      6,
      'does not hold what it must (trial.state must be equal to constant)',
    ],
    [
      'a block that is not whole',
      trial(6, { block: 1.5 }),
      6,
      'does not hold what it must (trial.block must be integer)',
    ],
    [
      'a position that is not there',
      trial(6, { position: 9 }),
      6,
      'is of position 9 in block 1, which the plan does not have',
    ],
    ['another phase', trial(6, { phase: 'control' }), 6, 'is not what the plan has at position 2 of block 1'],
    [
      'another block',
      trial(6, { block: 2, position: 1 }),
      7,
      'is of a place that was completed before (position 1 of block 2)',
    ],
    ['no date', trial(6, { startedAt: 'today' }), 6, 'does not hold what it must (trial.startedAt must match pattern'],
    [
      'a session without its server',
      held(2, () => ({ context: { ...madeContext, server: null } })),
      2,
      'does not hold what it must (context.server must be object)',
    ],
    [
      'a session of another input',
      held(2, () => ({ context: { ...madeContext, input: { ...madeContext.input, records: 9 } } })),
      2,
      'says something else of the input than the trials loaded',
    ],
    [
      'a stop without a rule',
      (lines) => [...lines, sealed(9, plan.hash, { type: 'stop', stop: { look: 1, block: 2, text: '' } } as Content)],
      9,
      'ends a study that has no rule to end early',
    ],
  ])('%s', (_, edit, line, reason) => {
    const { damaged, trials, contexts } = edited(edit)
    expect(damaged).toHaveLength(1)
    expect(damaged[0]).toContain(`${line} ${reason}`)
    expect(contexts).toHaveLength(line === 2 ? 0 : 1)
    const lost = [3, 4, 5, 6, 7, 8].includes(line) ? [line - 2] : []
    expect(trials).toEqual([1, 2, 3, 4, 5, 6].filter((number) => !lost.includes(number)))
  })

  it('a line that stands there twice counts once, and a line between is missed', () => {
    const twice = edited((lines) => [...lines.slice(0, 6), lines[5]!, ...lines.slice(6)])
    expect(twice).toMatchObject({ trials: [1, 2, 3, 4, 5, 6] })
    expect(twice.damaged).toHaveLength(1)
    expect(edited((lines) => lines.filter((_, k) => k !== 5))).toMatchObject({
      damaged: ['6 has lost the line before it'],
      trials: [1, 2, 3, 5, 6],
    })
  })

  it('two lines that changed places lose one of them, and a lost line end loses two lines', () => {
    const swapped = edited((lines) => [...lines.slice(0, 5), lines[6]!, lines[5]!, ...lines.slice(7)])
    expect(swapped.trials).toHaveLength(5)
    expect(swapped.damaged.join()).toContain('which does not belong there')
    const joined = edited((lines) => [...lines.slice(0, 5), `${lines[5]}${lines[6]}`, ...lines.slice(7)])
    expect(joined).toMatchObject({
      damaged: ['6 is not a line of JSON', '7 has lost the line before it'],
      trials: [1, 2, 3, 6],
    })
  })

  it('a line end of another system and a byte-order mark are no damage', () => {
    const path = writeJournal(folder, plan)
    writeFileSync(
      path,
      `\uFEFF${linesOf(path)
        .map((line) => `${line}\r\n`)
        .join('')}`,
    )
    expect(readJournal(path)).toMatchObject({ damaged: [], unproven: false, trials: { length: 6 } })
  })

  it('without a digest the same is found, but for a change that could be', () => {
    const old = (edit: Edit): ReturnType<typeof edited> => edited((lines) => unsealed(edit(lines)))
    for (const edit of [trial(6, { totalMs: 3500 }), trial(6, { records: 10 }), trial(6, { checksum: '7' })])
      expect(old(edit)).toMatchObject({ damaged: [expect.stringMatching(/^6 /)], trials: [1, 2, 3, 5, 6] })
    expect(old(trial(6, { trial: 12 })).damaged).toEqual(['6 is trial 12, which does not belong there'])
    expect(old((lines) => lines.filter((_, k) => k !== 5))).toMatchObject({
      damaged: ['6 has lost the trial before it'],
    })
    expect(old((lines) => [...lines, lines[7]!]).trials).toHaveLength(6)
    expect(old(trial(8, { block: 3 })).damaged).toEqual(['8 is of block 3, which was not planned'])
    expect(old(trial(6, { walBytes: 5 }))).toMatchObject({ damaged: [], trials: { length: 6 } })
    expect(readStudy('made', { folder, onWarning: ({ kind }) => expect(kind).toBe('unproven') }).damaged).toEqual([])
  })

  it('a stop counts at a look of its rule alone, and not before trials of later blocks', () => {
    const primary = { a: { workers: 2 }, b: { workers: 4 }, claim: { fasterBy: [0.05, 0.15] } } as const
    const ruled = madePlan({ blocks: undefined, primary, stop: { looks: 2, maxBlocks: 4 } })
    const stops = [1, 2].map((look) => {
      const path = writeJournal(folder, ruled)
      const lines = linesOf(path)
      const stop = (number: number, block: number): string =>
        sealed(number, ruled.hash, { type: 'stop', stop: { look, block, text: '' } } as Content)
      writeLines(path, [...lines.slice(0, 6), stop(7, look * 2)])
      const early = readJournal(path)!.stopped
      writeLines(path, [...lines.slice(0, 6), stop(7, 3)])
      const off = readJournal(path)!
      writeLines(path, [...lines, stop(lines.length + 1, look * 2)])
      const contradicted = readJournal(path)!
      rmSync(path)
      return { early: early?.look, off: off.damaged.length, contradicted: contradicted.damaged.length }
    })
    expect(stops).toEqual([
      { early: 1, off: 1, contradicted: 1 },
      { early: 2, off: 1, contradicted: 0 },
    ])
  })

  it('checkStudy finds damaged-line and names file and line', () => {
    const path = writeJournal(folder, plan)
    writeLines(path, text(6, () => 'x')(linesOf(path)))
    const study = readStudy('made', { folder })
    const [finding] = checkStudy(study)
    expect(finding).toMatchObject({ code: 'damaged-line', journal: path, lines: study.damaged })
    expect(sentencesOf(finding!)[0]).toContain(
      `A line of the journal is damaged and not counted, line 6 (it is not a line of JSON) of ${path}: restore the file`,
    )
  })
})

describe('a plan', () => {
  it.each<[string, Edit]>([
    ['of another text', text(1, (line) => line.replace('"seed":1', '"seed":2'))],
    ['of another hash', held(1, (content) => ({ plan: { ...(content.plan as object), hash: 'a'.repeat(12) } }))],
    ['of another seed', held(1, (content) => ({ plan: { ...(content.plan as object), seed: 2 } }))],
    ['of another name', held(1, (content) => ({ plan: { ...(content.plan as object), name: 'other' } }))],
    ['of too many blocks', held(1, (content) => ({ plan: { ...(content.plan as object), blocks: 1e9 } }))],
    ['without treatments', held(1, (content) => ({ plan: { ...(content.plan as object), treatments: [] } }))],
    ['that is missing', (lines) => lines.slice(1)],
  ])('%s cannot be trusted: the journal is refused by its whole name', (_, edit) => {
    const path = writeJournal(folder, plan)
    writeLines(path, edit(linesOf(path)))
    const read = (): unknown => readStudy('made', { folder })
    expect(read).toThrow(JournalError)
    expect(read).toThrow(`${path}: the journal of the study made is damaged and holds no plan that can be trusted`)
    expect(read).toThrow('restore line 1 from a copy of the file, or start anew with --fresh')
  })

  it('with more blocks that is damaged falls back to the one before it, and the trials of the blocks wait for it', () => {
    const path = writeJournal(folder, plan)
    const more: Plan = { ...plan, blocks: 3 }
    const journal = openJournal(path)
    journal.plan(more)
    for (const [k, place] of missingPlaces(more, readJournal(path)!.trials).entries())
      journal.trial(madeTrial(7 + k, place))
    journal.close()
    expect(readStudy('made', { folder })).toMatchObject({ plan: { blocks: 3 }, trials: { length: 8 }, damaged: [] })
    writeLines(path, text(9, (line) => line.replace('"blocks":3', '"blocks":7'))(linesOf(path)))
    expect(readStudy('made', { folder })).toMatchObject({
      plan: { blocks: 2 },
      trials: { length: 6 },
      damaged: [{ line: 9, reason: 'does not match its digest' }],
    })
    expect(readJournal(path)!.trials).toHaveLength(8)
  })
})

it('a study with a damaged line continues: its place is missing, and the next line has the next number', () => {
  const path = writeJournal(folder, plan)
  writeLines(path, text(8, () => 'x')(linesOf(path)))
  const stored = readJournal(path)!
  const missing = missingPlaces(plan, stored.trials)
  expect(missing).toHaveLength(1)
  const journal = openJournal(path)
  journal.session(madeContext)
  journal.trial(madeTrial(6, missing[0]!))
  journal.close()
  expect(
    linesOf(path)
      .slice(-2)
      .map((line) => line.slice(0, 11)),
  ).toEqual(['{"line":9,"', '{"line":10,'])
  expect(readJournal(path)).toMatchObject({ damaged: [{ line: 8 }], contexts: { length: 2 }, trials: { length: 6 } })
})

it('an old journal is continued with sealed lines, and both count', () => {
  const path = journalPath(folder, 'made', plan.hash)
  writeJournal(folder, plan)
  writeLines(path, unsealed(linesOf(path).slice(0, 7)))
  const journal = openJournal(path)
  journal.session(madeContext)
  journal.trial(madeTrial(6, missingPlaces(plan, readJournal(path)!.trials)[0]!))
  journal.close()
  expect(readJournal(path)).toMatchObject({ damaged: [], unproven: true, trials: { length: 6 } })
  writeLines(path, text(9, (line) => line.replace('"bytes":63', '"bytes":64'))(linesOf(path)))
  expect(readJournal(path)).toMatchObject({ damaged: [{ line: 9, reason: 'does not match its digest' }] })
})
