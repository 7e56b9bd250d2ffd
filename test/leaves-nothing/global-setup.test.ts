import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/project.js'

test('a run whose tests all pass and leave something fails, names it, and removes it', () => {
  const { COPYLAB_TESTS, ...env } = process.env
  const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--config', 'test/leaves-nothing/vitest.config.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot, env, encoding: 'utf8' })
  expect(stdout).toMatch(/1 passed/)
  expect(stderr).toMatch(/The tests left:\n(.*\n)* *temporary: left-behind/)
  expect(status).toBe(1)
  expect(readdirSync(tmpdir()).filter((name) => existsSync(join(tmpdir(), name, 'left-behind')))).toEqual([])
})

test('tests have a folder for temporary files that is theirs alone, with a short path', () => {
  expect(tmpdir()).toBe(process.env.COPYLAB_TESTS)
  expect(tmpdir().length).toBeLessThan(60)
})
