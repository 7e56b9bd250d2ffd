import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { embedded, runStudy, synthetic } from '../../../../src/entries/executor.js'
import { useRunningServer } from '../../running-server.js'
import { loadingProgram } from './loading-program.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-held-tables-'))
afterAll(() => rmSync(folder, { recursive: true }))

// A cluster of its own: with a prepared transaction in it, no other server of the project starts.
const settings = { max_prepared_transactions: '5' }
const { server, rows } = useRunningServer(embedded({ settings, folder: join(folder, 'servers') }))

const study = (what: string) =>
  runStudy({
    name: 'held',
    server,
    input: synthetic({ records: 300, width: 16 }),
    factors: { workers: 1, batchSize: 100, loader: { mine: loadingProgram(folder, what) } },
    blocks: 1,
    warmUpBlocks: 0,
    folder: join(folder, 'studies'),
    onWarning: (text) => warnings.push(text),
  })
const warnings: string[] = []
const failedWith = (message: RegExp) => [
  { state: 'failed', error: { name: 'ProgramError', message: expect.stringMatching(message) } },
]

it('a prepared transaction that is left fails its trial, and is named with what ends it', async () => {
  const { trials } = await study('prepares')
  expect(trials).toMatchObject(
    failedWith(
      /^After the loader mine had ended, the prepared transaction 'it''s left' still held the table of its trial: .*ROLLBACK PREPARED 'it''s left'\)$/,
    ),
  )
  expect(warnings.join()).toContain('The schema copylab_held is left')
  await rows("ROLLBACK PREPARED 'it''s left'")
  expect((await study('right')).trials).toMatchObject([{ state: 'completed' }])
})

it('a session that is left, of a process that nobody finds, fails its trial and is ended where it has the name of a worker', async () => {
  const left =
    /^After the loader mine had ended, process \d+ \(user copylab, application copylab\/held\/w-mine\) still held the table/
  expect((await study('leaves')).trials).toMatchObject(failedWith(left))
  expect((await study('right')).trials).toMatchObject([{ state: 'completed' }])
})
