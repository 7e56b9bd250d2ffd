import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../src/project.js'
import { readJournal } from '../../../src/study/journal/journal.js'
import type { JournalWarning } from '../../../src/study/journal/journal-warning.js'
import { listStudies, readStudies, readStudy } from '../../../src/study/journal/studies.js'
import { openJournal } from '../../../src/study/journal/write-journal.js'
import { missingPlaces } from '../../../src/study/schedule.js'
import { brokenTrial, madeContext, madePlan, madeTrial, writeJournal } from './made-journal.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab odd '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = `${'a'.repeat(12)}.jsonl`

describe('what is no journal hides no study, and is named in full', () => {
  const isRoot = process.getuid?.() === 0
  it.each<[string, (path: string) => void, string]>([
    ['a folder', (path) => mkdirSync(path), 'is a folder where a journal should be: move it away'],
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'is a pipe or device where a journal should be: move it away'],
    ['a link to nothing', (path) => symlinkSync('nowhere', path), 'is a link to a file that is not there'],
    ['an empty file', (path) => writeFileSync(path, ''), 'the journal of the study odd holds no plan'],
    ['a plan cut short', (path) => writeFileSync(path, '{"line":1,"type":"plan","pl'), 'holds no plan'],
    ['a file without a plan', (path) => writeFileSync(path, 'text\n'), 'holds no plan that can be trusted'],
    // Root reads everything.
    ...(isRoot
      ? []
      : [
          [
            'a file that is not ours',
            (path: string) => {
              writeFileSync(path, '')
              chmodSync(path, 0)
            },
            'cannot be read (EACCES): make it readable for you',
          ] as [string, (path: string) => void, string],
        ]),
  ])('%s', (_, make, message) => {
    writeJournal(folder)
    const path = join(folder, 'odd', file)
    mkdirSync(join(folder, 'odd'))
    make(path)
    const warnings: JournalWarning[] = []
    expect(readStudies({ folder, onWarning: (warning) => warnings.push(warning) })).toHaveLength(1)
    expect(warnings).toMatchObject([{ kind: 'refused', journal: path, error: { name: 'JournalError' } }])
    expect(() => readStudy('odd', { folder })).toThrow(`${path}: `)
    expect(() => readStudy('odd', { folder })).toThrow(message)
    expect(listStudies(folder)).toEqual(['made', 'odd'])
  })

  it('a journal of another plan that cannot be read is told of beside the study', () => {
    writeJournal(folder)
    mkdirSync(join(folder, 'made', file))
    const kinds: string[] = []
    expect(readStudy('made', { folder, onWarning: ({ kind }) => kinds.push(kind) }).trials).toHaveLength(4)
    expect(kinds).toEqual(['refused'])
  })

  it('what holds no whole line is begun anew', () => {
    const plan = madePlan()
    const path = writeJournal(folder, plan)
    for (const text of ['', '{"line":1,"type":"plan","pl']) {
      writeFileSync(path, text)
      expect(readJournal(path)).toBeNull()
      const journal = openJournal(path)
      journal.plan(plan)
      journal.close()
      expect(readJournal(path)).toMatchObject({ plan, damaged: [] })
    }
  })
})

describe('openJournal on a disk without room', () => {
  /** Appends long lines until the limit of the process, and then a short one; prints what was thrown. */
  const fill = `
    const { openJournal } = await import(process.argv[1])
    const [path, long, short] = process.argv.slice(2)
    const journal = openJournal(path)
    let trials = 0
    try {
      for (;; trials++) journal.trial({ ...JSON.parse(long), trial: 5 + trials })
    } catch (error) {
      journal.trial({ ...JSON.parse(short), trial: 5 + trials })
      process.stdout.write(JSON.stringify({ name: error.name, message: error.message, trials }))
    }`

  it('takes a line back of which not all was written, and says what is kept', () => {
    const plan = madePlan({ blocks: 50 })
    const path = writeJournal(folder, madePlan({ blocks: 2 }))
    const place = missingPlaces(plan, readJournal(path)!.trials)[0]!
    const lines = [brokenTrial(5, place), brokenTrial(5, place)].map((trial, k) =>
      JSON.stringify({ ...trial, error: { ...trial.error, message: k === 0 ? 'long '.repeat(1500) : 'short' } }),
    )
    const limit = 1 + Math.ceil((readFileSync(path).length + 20_000) / 512)
    const module = pathToFileURL(join(projectRoot, 'dist', 'study', 'journal', 'write-journal.js')).href
    const args = ['--input-type=module', '-e', fill, module, path, ...lines]
    const script = `ulimit -f ${limit}; exec "$@"`
    const out = execFileSync('sh', ['-c', script, 'sh', process.execPath, ...args], { encoding: 'utf8' })
    const { name, message, trials } = JSON.parse(out) as { name: string; message: string; trials: number }
    expect(trials).toBeGreaterThan(0)
    expect(name).toBe('JournalError')
    expect(message).toBe(
      `${path}: the disk has no room left (EFBIG); ${4 + trials} trials are kept: make room, and the same command continues`,
    )
    const journal = openJournal(path)
    journal.plan(plan)
    journal.session(madeContext)
    journal.trial(madeTrial(6 + trials, place))
    journal.close()
    expect(readJournal(path)).toMatchObject({ damaged: [], trials: { length: 6 + trials } })
  })
})
