import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withReadersStack } from '../../src/entries/readers-stack.js'
import { projectRoot } from '../../src/project.js'

test.each([
  [
    "{ name: 'x', server: url('postgres://127.0.0.1:1/x'), input, folder, factors: { workers: 1 }, block: 1 }",
    /did you mean `blocks`\?$/,
  ],
  [
    "{ name: 'x', server: url('postgres://127.0.0.1:1/x'), input, folder, factors: { workers: 1 } }",
    /No server listens at 127\.0\.0\.1:1/,
  ],
])('a script whose runStudy(%s) fails ends with the message and its own line', (options, message) => {
  const folder = mkdtempSync(join(projectRoot, 'test', 'root', 'script-'))
  try {
    const script = join(folder, 'script.mjs')
    writeFileSync(
      script,
      `import { runStudy, synthetic, url } from 'copylab/executor'
const input = synthetic({ records: 10 })
const folder = ${JSON.stringify(join(folder, 'studies'))}
await runStudy(${options})
`,
    )
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(status).toBe(1)
    const lines = stderr.split('\n')
    const said = lines.findIndex((line) => /Error: Expected|Error: No server/.test(line))
    expect(lines[said]).toMatch(message)
    const frames = lines.filter((line) => /^\s+at /.test(line))
    expect(frames.length).toBeGreaterThan(0)
    for (const frame of frames) expect(frame).toMatch(/script\.mjs:4:\d+/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('withReadersStack leaves what is no error, and what did not come through built code, as it is', () => {
  expect(withReadersStack('a word', new Error())).toBe('a word')
  const error = new Error('from a source')
  const { stack } = error
  expect(withReadersStack(error, new Error())).toBe(error)
  expect(error.stack).toBe(stack)
})
