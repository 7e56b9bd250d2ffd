import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cleanServer, runTrial, synthetic } from '../../../../src/entries/executor.js'
import { projectRoot } from '../../../../src/project.js'
import { useRunningServer } from '../../running-server.js'
import { scratchEmbedded } from '../../scratch-embedded.js'
import { loadingProgram } from './loading-program.js'

const { server, connection } = useRunningServer(scratchEmbedded)

/** A temporary folder of this test's own: what is in that of other tests is not its to remove. */
let temporary: string
const before = process.env.TMPDIR
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'copylab-killed-sessions-'))
  process.env.TMPDIR = temporary
})
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  rmSync(temporary, { recursive: true })
})

const folders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('copylab-killed-'))

/** Runs a study in a process that ends by SIGKILL when its first trial, by a program, is over. */
async function kill(): Promise<void> {
  const entry = pathToFileURL(join(projectRoot, 'dist', 'entries', 'executor.js')).href
  const options = {
    name: 'killed',
    factors: { workers: 1, batchSize: 100, loader: { mine: loadingProgram(temporary) } },
    blocks: 5,
    warmUpBlocks: 0,
    folder: join(temporary, 'studies'),
  }
  const path = join(temporary, 'study.mjs')
  writeFileSync(
    path,
    `import { runStudy, synthetic } from ${JSON.stringify(entry)}
    const connection = ${JSON.stringify(connection())}
    const server = { describe: () => ({ kind: 'test' }), use: (task) => task(connection) }
    await runStudy({ ...${JSON.stringify(options)}, server, input: synthetic({ records: 300, width: 16 }), onProgress: ({ trial }) => {
      if (trial) process.kill(process.pid, 'SIGKILL')
    } })`,
  )
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'ignore', 'inherit'] })
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
}

/** Folders of a session that runs, of one of another host, and one that copylab did not make. */
function others(): string[] {
  const owners = [
    { id: 'a', pid: process.pid, host: hostname(), start: null, since: '' },
    { id: 'b', pid: 2 ** 22 + 1, host: `not-${hostname()}`, start: null, since: '' },
    null,
  ]
  return owners.map((owner, k) => {
    const path = join(temporary, `copylab-killed-abcde${k}`)
    mkdirSync(path)
    if (owner) writeFileSync(join(path, 'lock'), JSON.stringify(owner))
    return path
  })
}

it('files of a killed session are removed by the next one of any study, and no others', async () => {
  await kill()
  const [left] = folders()
  const path = join(temporary, left!)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(readdirSync(path).sort()).toEqual(['lock', 'records-001.csv'])
  const kept = others()
  await runTrial({ server, input: synthetic({ records: 100 }), treatment: { workers: 1, batchSize: 100 } })
  expect(existsSync(path)).toBe(false)
  expect(kept.filter(existsSync)).toEqual(kept)
  await cleanServer(server, async (all) => all)
})

it('files of a killed session are listed by their path and removed by `clean`, and no others', async () => {
  await kill()
  const path = join(temporary, folders()[0]!)
  const kept = others()
  const listed = await cleanServer(server)
  expect(listed.folders).toEqual([
    { name: path, study: 'killed', bytes: expect.any(Number), createdAt: expect.stringMatching(/^20/), inUse: false },
  ])
  expect(listed.folders[0]!.bytes).toBeGreaterThan(300 * 16)
  const cleaned = await cleanServer(server, async (all) => all)
  expect(cleaned).toMatchObject({ removed: ['copylab_killed', path], kept: [] })
  expect(existsSync(path)).toBe(false)
  expect(kept.filter(existsSync)).toEqual(kept)
  expect((await cleanServer(server)).folders).toEqual([])
})

it.runIf(process.getuid?.() !== 0)('a folder that cannot be removed is named with the reason', async () => {
  await kill()
  const path = join(temporary, folders()[0]!)
  chmodSync(path, 0o500)
  const { kept } = await cleanServer(server, async (all) => all)
  chmodSync(path, 0o700)
  expect(kept).toEqual([{ name: path, reason: expect.stringContaining(path) }])
})
