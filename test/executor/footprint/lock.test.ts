import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockOwner, tryLock } from '../../../src/executor/footprint/lock.js'
import { copyProject, runScript } from '../server/project-copy.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const hold = () => {
  const attempt = tryLock(path)
  if (attempt.state !== 'held') throw new Error('busy')
  return attempt
}
const owner = { id: 'former', pid: process.pid, host: hostname(), start: null as string | null, since: '' }
const leave = (former: Partial<typeof owner>) => writeFileSync(path, JSON.stringify({ ...owner, ...former }))

test('tryLock is busy while the lock is held, and names the holder', () => {
  const held = hold()
  expect(tryLock(path)).toMatchObject({ state: 'busy', owner: { pid: process.pid, host: hostname() } })
  expect(lockOwner(path)).toMatchObject({ pid: process.pid })
  held.release()
  expect(lockOwner(path)).toBeNull()
  hold().release()
  expect(readdirSync(folder)).toEqual([])
})

test('release after another holder came does not take the lock from it', () => {
  const first = hold()
  first.release()
  const second = hold()
  first.release()
  expect(tryLock(path).state).toBe('busy')
  second.release()
})

test('tryLock takes over the lock of a process that has ended', () => {
  leave({ pid: spawnSync(process.execPath, ['-e', '']).pid })
  expect(lockOwner(path)).toBeNull()
  hold()
  expect(tryLock(path).state).toBe('busy')
  expect(readdirSync(folder)).toEqual(['lock'])
})

test('tryLock takes over when a later process has the number of the owner', () => {
  leave({ start: 'another boot 1' })
  expect(tryLock(path).state).toBe('held')
})

test('tryLock does not take over from an owner on another host', () => {
  leave({ host: 'elsewhere', pid: 1 })
  expect(tryLock(path)).toMatchObject({ state: 'busy', owner: { host: 'elsewhere' } })
})

test('tryLock takes over a lock file that was cut short', () => {
  writeFileSync(path, '')
  hold().release()
  expect(readdirSync(folder)).toEqual([])
})

test('tryLock follows a chain of contenders that died while taking over', () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  leave({ id: 'a', pid })
  writeFileSync(`${path}.a`, JSON.stringify({ ...owner, id: 'b', pid }))
  writeFileSync(`${path}.b`, JSON.stringify({ ...owner, id: 'c' }))
  expect(tryLock(path)).toMatchObject({ state: 'busy', owner: { id: 'c' } })
  writeFileSync(`${path}.b`, JSON.stringify({ ...owner, id: 'c', pid }))
  writeFileSync(`${path}.md`, 'not a part of it')
  hold()
  expect(readdirSync(folder)).toEqual(['lock', 'lock.md'])
})

test('tryLock removes the draft of a process that was killed before it could link it, and no other', () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(`${path}.dead.draft`, JSON.stringify({ ...owner, pid }))
  writeFileSync(`${path}.alive.draft`, JSON.stringify(owner))
  writeFileSync(`${path}.begun.draft`, '')
  hold().release()
  expect(readdirSync(folder)).toEqual(['lock.alive.draft', 'lock.begun.draft'])
})

test('tryLock never gives one lock to two of several processes, however often its holder dies', async () => {
  copyProject(folder)
  const wins = 150
  // A holder proves that it is alone by creating `inside`, then leaves as if it had been killed or
  // by releasing.
  const contend = `
    import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, appendFileSync } from 'node:fs'
    import { randomUUID } from 'node:crypto'
    import { tryLock } from './dist/executor/footprint/lock.js'
    let turn = 0
    while (!existsSync('done')) {
      const attempt = tryLock('lock')
      if (attempt.state === 'busy') continue
      closeSync(openSync('inside', 'wx'))
      appendFileSync('wins', process.pid + '\\n')
      if (readFileSync('wins', 'utf8').split('\\n').length > ${wins}) writeFileSync('done', '')
      rmSync('inside')
      if (turn++ % 4 === 3) attempt.release()
      else {
        const mine = JSON.parse(readFileSync('lock', 'utf8'))
        const dead = 'dead-' + process.pid
        writeFileSync(dead, JSON.stringify({ ...mine, id: randomUUID(), start: 'ended' }))
        renameSync(dead, 'lock')
      }
    }`
  const contenders = Array.from({ length: 4 }, () => runScript(folder, contend))
  const complaints = contenders.map(({ process: { stderr } }) => {
    let text = ''
    stderr?.on('data', (chunk) => {
      text += chunk
    })
    return () => text
  })
  const ends = await Promise.all(contenders.map((contender) => contender.end()))
  expect(complaints.map((text) => text())).toEqual(['', '', '', ''])
  expect(ends).toEqual([0, 0, 0, 0])
  expect(readFileSync(join(folder, 'wins'), 'utf8').trim().split('\n').length).toBeGreaterThanOrEqual(wins)
})
