import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { keepProgram } from '../../../../src/executor/load/program/keep-program.js'
import { inFolders, isAlive, level, sh, written } from './scripts.js'

/** A system without `/proc`, as macOS is. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const readFileSync = (...args: Parameters<typeof fs.readFileSync>) => {
    if (String(args[0]).startsWith('/proc')) throw new Error('ENOENT')
    return fs.readFileSync(...args)
  }
  return { ...fs, readFileSync }
})
const { platform } = process
beforeAll(() => void Object.defineProperty(process, 'platform', { value: 'darwin' }))
afterAll(() => void Object.defineProperty(process, 'platform', { value: platform }))

inFolders()

it('keepProgram has no CPU time and no samples where there is no /proc, and ends what a program leaves', async () => {
  const kept = { ...level(sh('sleep 68 &', 'echo $! > pids')), token: 'unknown' }
  const end = await keepProgram(kept, () => {}, new AbortController().signal)
  const pid = await written('pids')
  expect(end).toMatchObject({ state: 'ended', exitCode: 0, cpuMs: null, samples: null })
  expect(end).toMatchObject({ left: [`process ${pid} (sleep 68)`], notEnded: [] })
  expect(isAlive(pid)).toBe(false)
})
