import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach } from 'vitest'
import { readBatches, windowOf } from '../../../../../src/executor/input/batches.js'
import { csv } from '../../../../../src/executor/input/csv/csv.js'
import type { CsvOptions } from '../../../../../src/executor/input/csv/csv-options.js'
import { inspectFolder } from '../../../../../src/executor/input/csv/inspect/inspect-folder.js'
import type { Inspection } from '../../../../../src/executor/input/csv/inspect/inspection.js'
import { rowsOf } from '../../../records-of.js'

/** Files by name. */
export type Files = Readonly<Record<string, string | Buffer>>

/** Makes a folder for each test, and returns functions that write files to it and read them. */
export function useExports(): {
  readonly inspected: (files: Files, options?: CsvOptions) => Promise<Inspection>
  readonly loaded: (files: Files, options?: CsvOptions) => Promise<readonly unknown[]>
  readonly codeOf: (files: Files) => Promise<CsvOptions>
} {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-exports-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(() => {
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
  })
  const write = (files: Files): void => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  }
  return {
    async inspected(files, options = {}) {
      write(files)
      return (await inspectFolder(folder, options)).inspection
    },
    /** The rows that `csv` loads; an object with the reasons for those that are left out. */
    async loaded(files, options = {}) {
      write(files)
      const input = await csv(folder, options).inspect()
      const reader = readBatches({ ...windowOf(input, input.fits), onBadRecord: 'skip' }, await input.files(), {
        batchSize: 1_000,
      })
      const rows: unknown[] = []
      for await (const { records } of reader) rows.push(...rowsOf(records))
      return [...rows, ...reader.badRecords.words()]
    },
    /** The options that the call states which `--code` prints. */
    async codeOf(files) {
      write(files)
      const { code } = await inspectFolder(folder)
      return new Function(`return ${code.slice(code.indexOf('{'), code.lastIndexOf(')'))}`)() as CsvOptions
    },
  }
}
