import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type CsvOptions,
  csv,
  type Progress,
  readStudy,
  runStudy,
  runTrial,
  type Study,
  type StudyOptions,
} from '../../../src/entries/executor.js'
import { sealedLine } from '../../../src/study/journal/seal.js'
import { useRunningServer } from '../running-server.js'

const { server, uses } = useRunningServer()

let folder: string
let studies: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-changed-'))
  studies = mkdtempSync(join(tmpdir(), 'copylab-studies-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  rmSync(studies, { recursive: true })
})

/** A file of some 40 KB, with the value of one record in its middle. */
function write(name: string, value: number): void {
  const lines = Array.from({ length: 4_000 }, (_, k) => `${k},${k === 2_000 ? value : 111}\n`)
  writeFileSync(join(folder, name), `id,v\n${lines.join('')}`)
  utimesSync(join(folder, name), 1_000_000_000, 1_000_000_000)
}

const input = (options: CsvOptions = {}) => csv(folder, { columns: { id: 'int4', v: 'int4' }, ...options })
const study = (options: Partial<StudyOptions> = {}): Promise<Study> =>
  runStudy({
    name: 'made',
    server,
    input: input(),
    factors: { workers: [1, 2], batchSize: 1_000 },
    blocks: 1,
    warmUpBlocks: 0,
    folder: studies,
    ...options,
  })

describe('a study of files', () => {
  it('keeps their contents with each session, and is read back while they are as they were', async () => {
    write('a.csv', 1)
    const { contexts } = await study()
    expect(contexts[0]!.input.contents).toMatchObject([
      { name: 'a.csv', bytes: statSync(join(folder, 'a.csv')).size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    const before = uses()
    // As by a copy: other times, the same content.
    write('a.csv', 1)
    expect((await study()).origin).toBe('disk')
    expect(uses()).toBe(before)
    expect(readStudy('made', { folder: studies }).contexts).toEqual(contexts)
  })

  it('is refused by name when a byte in the middle of a file has changed, read back and continued', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv']) write(name, 111)
    const { plan } = await study()
    for (const name of ['a.csv', 'b.csv']) write(name, 222)
    const before = uses()
    const refusal = {
      name: 'JournalError',
      message: expect.stringMatching(
        new RegExp(
          `${plan.hash}\\.jsonl: a\\.csv, b\\.csv have changed since the study made was measured: measure it again by \`fresh: true\` \\(--fresh\\), or choose another name$`,
        ),
      ),
    }
    await expect(study()).rejects.toMatchObject(refusal)
    expect(uses()).toBe(before)
    await expect(study({ blocks: 2 })).rejects.toMatchObject(refusal)

    const fresh = await study({ fresh: true })
    expect([fresh.origin, fresh.plan.hash]).toEqual(['measured', plan.hash])
    expect((await study()).origin).toBe('disk')
    for (const name of ['a.csv', 'b.csv']) write(name, 111)
    await expect(study()).rejects.toThrow('a.csv, b.csv have changed')
    expect((await study({ name: 'other' })).origin).toBe('measured')
  })

  it('is another study, and leaves the first as it is, when the size of a file has changed', async () => {
    write('a.csv', 111)
    const first = await study()
    write('a.csv', 2_222)
    const second = await study()
    expect(second.origin).toBe('measured')
    expect(second.plan.hash).not.toBe(first.plan.hash)
    write('a.csv', 111)
    expect(await study()).toMatchObject({ origin: 'disk', plan: { hash: first.plan.hash } })
  })

  it('says once of a study whose session has no contents that nothing is known, and keeps them from then on', async () => {
    write('a.csv', 111)
    const { plan } = await study()
    const path = join(studies, 'made', `${plan.hash}.jsonl`)
    const older = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text, k) => {
        const { line: _, digest: __, ...content } = JSON.parse(text)
        if (content.type === 'session') delete content.context.input.contents
        return `${sealedLine(k + 1, content, plan.hash)}\n`
      })
    writeFileSync(path, older.join(''))
    write('a.csv', 222)
    const warnings: string[] = []
    const onWarning = (text: string): void => {
      warnings.push(text)
    }
    expect((await study({ onWarning })).contexts.map((context) => context.input.contents)).toEqual([null])
    expect((await study({ onWarning })).origin).toBe('disk')
    expect(warnings).toEqual([
      `${path} was written before contents of files were kept: whether the files of made have changed in their middle since it was measured is not known`,
    ])
    write('a.csv', 111)
    const { contexts } = await study({ blocks: 2 })
    expect(contexts.map((context) => context.input.contents?.length ?? null)).toEqual([null, 1])
  })
})

describe('a file that changes between the trials of a session', () => {
  /** Changes a file after the given number of trials. */
  const changing =
    (trials: number, change: () => void) =>
    ({ trial, done }: Progress): void => {
      if (trial && done === trials) change()
    }

  it.each<[string, string, () => void]>([
    ['in its middle, with its time set back', 'a.csv has changed', () => write('a.csv', 222)],
    ['by a line more', 'a.csv has changed', () => writeFileSync(join(folder, 'a.csv'), '4000,1\n', { flag: 'a' })],
    ['into nothing', 'a.csv is gone', () => rmSync(join(folder, 'a.csv'))],
  ])('ends the study by name when it changes %s; finished trials are kept', async (_, message, change) => {
    write('a.csv', 111)
    write('b.csv', 111)
    await expect(study({ blocks: 3, onProgress: changing(2, change) })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(
        `${message} since it was listed. Finished trials are kept: the same call goes on where the file is as it was`,
      ),
    })
    expect(readStudy('made', { folder: studies }).trials).toMatchObject([
      { state: 'completed' },
      { state: 'completed' },
    ])
    write('a.csv', 111)
    const { trials, contexts } = await study({ blocks: 3 })
    expect([trials.length, contexts.length]).toEqual([6, 2])
  })

  it('ends the session of runTrial', async () => {
    write('a.csv', 111)
    const held = await input().inspect()
    write('a.csv', 222)
    const treatment = { workers: 1, batchSize: 1_000 }
    await expect(runTrial({ treatment, server, input: held })).rejects.toThrow('a.csv has changed since it was listed')
  })
})

describe('files without records', () => {
  it('are loaded together with others: an empty one, one of a newline, one of a header', async () => {
    writeFileSync(join(folder, 'a.csv'), '')
    writeFileSync(join(folder, 'b.csv'), 'id,v\n')
    writeFileSync(join(folder, 'c.csv'), 'id,v\n1,2\n3,4\n5,6\n')
    writeFileSync(join(folder, 'd.csv'), '\n')
    writeFileSync(join(folder, 'e.csv'), 'id,v')
    const { contexts } = await study()
    expect(contexts[0]!.input).toMatchObject({ files: 5, records: 3 })
  })

  it('are refused where there are no others', async () => {
    writeFileSync(join(folder, 'a.csv'), 'id,v\n')
    await expect(study()).rejects.toThrow('The files hold no records')
  })

  it('are not looked for where a path names a file', async () => {
    write('a.csv', 111)
    mkdirSync(join(folder, 'b.csv'))
    const { contexts, plan } = await study({
      input: csv(join(folder, 'a.csv'), { columns: { id: 'int4', v: 'int4' } }),
    })
    expect(contexts[0]!.input).toMatchObject({ files: 1, records: 4_000 })
    expect(plan.input.files).toMatchObject([{ name: 'a.csv' }])
    await expect(study()).rejects.toThrow(`${join(folder, 'b.csv')} is a folder`)
  })
})
