import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CsvOptions, csv, inspectFolder, runTrial } from '../../../../src/entries/executor.js'
import { readBatches, windowOf } from '../../../../src/executor/input/batches.js'
import { packageRoot } from '../../../../src/project.js'
import { useRunningServer } from '../../running-server.js'

/** Files of a kind that users of loaders have reported in public, and what is right about them. */
interface FieldCase {
  readonly id: string
  /** Where the kind was reported. */
  readonly source: string
  /** What is right; "refused" also where the spelling is found out or stated, and it is read. */
  readonly right: string
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>
  readonly options: CsvOptions
  /** What is loaded with these options, or why nothing is. */
  readonly stated:
    | { readonly rows: readonly unknown[]; readonly leftOut?: readonly string[] }
    | { readonly refused: string }
  /** What is found out without options. */
  readonly found: object
}

const cases = JSON.parse(
  readFileSync(join(packageRoot, 'test', 'fixtures', 'field-cases.json'), 'utf8'),
) as readonly FieldCase[]
const { server } = useRunningServer()
const root = mkdtempSync(join(tmpdir(), 'copylab field cases '))
afterAll(() => rmSync(root, { recursive: true }))

function folderOf({ id, files }: FieldCase): string {
  const folder = join(root, id)
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'))
  return folder
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Values as JSON holds them: what it cannot hold as text, long texts by their digest. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one) => {
      if (typeof one === 'string' && one.length > 2_000) return `${one.length} characters, SHA-256 ${sha256(one)}`
      if (typeof one === 'bigint' || (typeof one === 'number' && !Number.isFinite(one))) return String(one)
      return Object.is(one, -0) ? '-0' : one
    }),
  )
}

async function loaded(folder: string, options: CsvOptions): Promise<FieldCase['stated']> {
  try {
    const input = await csv(folder, options).inspect()
    const trial = await runTrial({ server, input, treatment: { workers: 2, batchSize: 2 }, probes: false })
    if (trial.state === 'failed') return { refused: trial.error.message }
    const rows: unknown[] = []
    const window = { ...windowOf(input, input.fits), onBadRecord: 'skip' } as const
    const reader = readBatches(window, await input.files(), { batchSize: 100 })
    for await (const { records } of reader) for (let k = 0; k < records.length; k++) rows.push(plain(records.row(k)))
    expect(trial.records).toBe(rows.length)
    const { badRecords } = reader
    return badRecords.count === 0 ? { rows } : { rows, leftOut: badRecords.words() }
  } catch (error) {
    return { refused: (error as Error).message }
  }
}

async function foundIn(folder: string, { pattern }: CsvOptions): Promise<object> {
  try {
    const { inspection } = await inspectFolder(folder, { pattern })
    const { open, records, header, delimiter, columns, badRecords } = inspection
    if (open.length > 0) return { open }
    const bad = badRecords.map(({ reason }) => reason)
    return {
      records,
      header,
      delimiter,
      columns: columns.map(({ name, type, format }) => [name, type, ...(format === null ? [] : [format])].join(' ')),
      ...(bad.length === 0 ? {} : { bad }),
    }
  } catch (error) {
    return { refused: (error as Error).message }
  }
}

describe.each(cases.map((own) => [own.id, own.right, own] as const))('%s: %s', (_id, _right, own) => {
  const folder = folderOf(own)

  it('is loaded so, and verified on the server, with its options', async () => {
    expect(await loaded(folder, own.options)).toEqual(own.stated)
  })

  it('is found out so without', async () => {
    expect(await foundIn(folder, own.options)).toEqual(own.found)
  })
})
