import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv } from '../../../../../src/entries/executor.js'
import { projectRoot } from '../../../../../src/project.js'

const files = 5_000
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-many-'))
  for (let k = 0; k < files; k++) {
    writeFileSync(join(folder, `f${String(k).padStart(5, '0')}.csv`), `id,t\n${2 * k},a\n${2 * k + 1},b\n`)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a folder of 5,000 files', () => {
  it('is loaded, and its contents are read, by a process that may open 256 files', async () => {
    const script = `import { csv, runNullTrial } from './dist/entries/executor.js'
import { fileContents } from './dist/executor/input/csv/folder/content.js'
import { listFiles } from './dist/executor/input/csv/folder/list-files.js'
const [folder, digests] = ${JSON.stringify([folder, join(folder, 'digests')])}
const contents = await fileContents(listFiles(folder, null).files, { digests })
const input = csv(folder, { columns: { id: 'int4', t: 'text' } })
const records = []
for (const client of ['event-loop', 'threads']) {
  records.push((await runNullTrial({ input, treatment: { client, workers: 4, batchSize: 1_000 } })).records)
}
console.log(JSON.stringify({ contents: contents.length, records }))`
    const limited = ['-c', 'ulimit -n 256 && exec "$0" --input-type=module -e "$1"', process.execPath, script]
    const { stdout } = await promisify(execFile)('sh', limited, { cwd: projectRoot })
    expect(JSON.parse(stdout)).toEqual({ contents: files, records: [2 * files, 2 * files] })
  })

  it('is compared with itself before a trial in less than 50 ms', async () => {
    const input = await csv(folder, { columns: { id: 'int4', t: 'text' } }).inspect()
    // The time of the processors: other work may make the clock's longer.
    const times = Array.from({ length: 10 }, () => {
      const before = process.cpuUsage()
      input.checkUnchanged!()
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    })
    expect(Math.min(...times)).toBeLessThan(50)
    writeFileSync(join(folder, 'f04999.csv'), 'id,t\n')
    expect(() => input.checkUnchanged!()).toThrow('f04999.csv has changed')
  })
})
