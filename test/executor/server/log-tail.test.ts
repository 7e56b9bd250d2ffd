import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endedByFullDisk, isDiskFull, logTail } from '../../../src/executor/server/log-tail.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-log-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const after = [
  'LOG:  server process (PID 7) was terminated by signal 6: Aborted',
  'LOG:  terminating any other active server processes',
  'LOG:  all server processes terminated; reinitializing',
  'LOG:  database system was interrupted; last known up at 2026-11-30 01:00:00 UTC',
  'LOG:  database system was not properly shut down; automatic recovery in progress',
  'LOG:  redo starts at 0/5000028',
  'LOG:  redo done at 0/6000028',
  'LOG:  startup process (PID 8) exited with exit code 1',
  'LOG:  shutting down due to startup process failure',
]

it.each([
  ['PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device', true],
  ['FATAL:  could not write to file "pg_wal/xlogtemp.8": No space left on device', true],
  ['ERROR:  could not extend file "base/5/16385": No space left on device', false],
  ['PANIC:  could not locate a valid checkpoint record', false],
])('endedByFullDisk finds what the last lines do not tell: %s', (line, found) => {
  const path = join(folder, 'server.log')
  writeFileSync(path, [line, ...after, ''].join('\n'))
  expect(isDiskFull(logTail(path))).toBe(false)
  expect(endedByFullDisk(path)).toBe(found)
})

it('endedByFullDisk says nothing of a log that is not there', () => {
  expect(endedByFullDisk(join(folder, 'none.log'))).toBe(false)
})
