import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embedded } from '../../src/entries/executor.js'
import { withClient } from '../../src/executor/connect.js'
import { projectRoot } from '../../src/project.js'
import { leftFiles, leftInTemporary, stateOfCheckout } from './files.js'
import { testPasswords, writtenPasswords } from './passwords.js'
import { leftProcesses, processIds } from './processes.js'
import { leftOn, leftOnServers } from './servers.js'

let folder: string
let checkout: string
let temporary: string
let children: ChildProcess[] = []

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'left-')))
  checkout = join(folder, 'checkout')
  temporary = join(folder, 'temporary')
  for (const made of [checkout, temporary]) mkdirSync(made)
})
afterEach(async () => {
  for (const child of children) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.kill('SIGKILL')) await ended
  }
  children = []
  rmSync(folder, { recursive: true })
})

function write(path: string, content = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

/** Starts a process that says a line when it is ready, and stays. */
async function started(
  script: string,
  { cwd = '/', env = {}, args = [] }: { cwd?: string; env?: NodeJS.ProcessEnv; args?: string[] },
) {
  const child = spawn(process.execPath, ['--eval', script, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const line = await new Promise<string>((said) => child.stdout.once('data', (data) => said(String(data))))
  return { child, pid: child.pid!, line: line.trim() }
}
const stays = "console.log('ready'); setInterval(() => {}, 1000)"

describe('leftProcesses', () => {
  it('names a process by the folder for temporary files that it inherited, and the port that it listens on', async () => {
    const traces = { temporary, checkout, before: processIds(), waitMs: 0 }
    const listens =
      "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))"
    const { pid, line } = await started(listens, { env: { TMPDIR: temporary } })
    const [left, ...others] = await leftProcesses(traces)
    expect(left).toContain(`process ${pid}, listening on port ${line}: `)
    expect(others).toEqual([])
  })

  it('names one that works in the checkout and knows no such folder, and none of another run', async () => {
    const traces = { temporary, checkout, before: processIds(), waitMs: 0 }
    const { pid } = await started(stays, { cwd: checkout })
    await started(stays, { cwd: checkout, env: { TMPDIR: folder } })
    expect(await leftProcesses(traces)).toEqual([expect.stringContaining(`process ${pid}: `)])
    expect(await leftProcesses({ ...traces, before: processIds() })).toEqual([])
  })

  it('names none that a process of before started there', async () => {
    const starts = `require('node:child_process').spawn('/bin/sleep', ['60'], { stdio: 'ignore', cwd: process.argv[1] })`
    const foreign = `process.on('SIGUSR2', () => { const { pid } = ${starts}; console.log(pid) }); ${stays}`
    const { child } = await started(foreign, { args: [checkout] })
    const traces = { temporary, checkout, before: processIds(), waitMs: 0 }
    const said = new Promise<string>((line) => child.stdout!.once('data', (data) => line(String(data))))
    child.kill('SIGUSR2')
    const pid = Number(await said)
    try {
      expect(processIds()).toContain(pid)
      expect(await leftProcesses(traces)).toEqual([])
      const later = new Set([...traces.before].filter((one) => one !== child.pid))
      expect(await leftProcesses({ ...traces, before: later })).toContainEqual(
        expect.stringMatching(`^process ${pid}: /bin/sleep 60`),
      )
    } finally {
      process.kill(pid)
    }
  })

  it('waits for one that is ending', async () => {
    const traces = { temporary, checkout, before: processIds() }
    await started("console.log('ready'); setTimeout(() => {}, 500)", { env: { TMPDIR: temporary } })
    expect(await leftProcesses(traces)).toEqual([])
  })
})

describe('leftFiles and leftInTemporary', () => {
  it('name what is new, changed and gone, not what is kept by design', () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: checkout })
    git('init', '--quiet')
    write('checkout/.gitignore', '/data/servers/\n/data/studies/\nnode_modules/\n')
    write('checkout/known.txt', 'as it was')
    git('add', '.')
    git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '--quiet', '--message', 'm')
    write('checkout/a/open.txt', 'before')
    write('checkout/a/draft.txt', 'before')
    write('checkout/run.log', 'before')
    const before = stateOfCheckout(checkout)!
    expect(leftFiles(before, stateOfCheckout(checkout)!)).toEqual([])
    write('checkout/known.txt', 'otherwise')
    write('checkout/a/open.txt', 'after')
    write('checkout/run.log', 'what the runner writes, and')
    write('checkout/report.json', 'too')
    rmSync(join(checkout, 'a/draft.txt'))
    write('checkout/added/new.txt')
    write('checkout/data/studies/s.jsonl')
    write('checkout/node_modules/p/index.js')
    write('checkout/data/servers/slot-1/postgresql-18-linux-x64/password')
    write('checkout/data/servers/slot-1/lock')
    expect(leftFiles(before, stateOfCheckout(checkout)!).sort()).toEqual([
      'changed in the checkout: a/open.txt',
      'changed in the checkout: known.txt',
      'new in the checkout: added/new.txt',
      'new in the checkout: data/servers/slot-1/lock',
      'new in the checkout: data/studies/',
      'no longer in the checkout as it was: a/draft.txt',
    ])
  })

  it('say nothing where there is no repository', () => {
    expect(stateOfCheckout(checkout)).toBeNull()
  })

  it('name every entry of the folder for temporary files', () => {
    expect(leftInTemporary(temporary)).toEqual([])
    write('temporary/made/file')
    expect(leftInTemporary(temporary)).toEqual(['temporary: made'])
  })
})

describe('leftOnServers', () => {
  it('names what studies and tests could leave on a server of the checkout, in each database', async () => {
    const servers = join(checkout, 'data', 'servers')
    const startMs = Date.now()
    const inside = (statements: readonly string[]): Promise<string[]> =>
      embedded({ folder: servers }).use((connection) =>
        withClient(connection.config, async (client) => {
          for (const statement of statements) await client.query(statement)
          return leftOn(connection)
        }),
      )
    expect(await inside([])).toEqual([])
    await inside([
      'CREATE SCHEMA copylab_left',
      'CREATE DATABASE scratch_left',
      'CREATE ROLE stranger',
      "ALTER ROLE copylab SET work_mem = '1MB'",
      'CREATE TABLE forgotten ()',
    ])
    const left = [
      "on copylab's server: database scratch_left",
      "on copylab's server: role stranger",
      "on copylab's server: schema copylab_left",
      "on copylab's server: setting copylab {work_mem=1MB}",
      "on copylab's server: table forgotten",
    ]
    expect((await leftOnServers(checkout, startMs)).sort()).toEqual(left)
    expect(await leftOnServers(checkout, Date.now() + 60_000)).toEqual([])
  })
})

describe('writtenPasswords', () => {
  const password = 'f00d'.repeat(12)
  const cluster = 'checkout/data/servers/slot-1/postgresql-18-linux-x64'
  const found = (): string[] => writtenPasswords({ checkout, temporary, sinceMs: 0 })

  beforeEach(() => {
    write(`${cluster}/password`, `${password}\n`)
    chmodSync(join(folder, cluster, 'password'), 0o600)
    write('checkout/test/some.test.ts', "connect({ password: 'Marked-1' })")
  })

  it('finds none in their own files', () => {
    expect(found()).toEqual([])
  })

  it("finds a server's and a test's in files, an open file, and one in a command line", async () => {
    write('checkout/data/servers/slot-1/server.log', `LOG: password ${password}`)
    write('temporary/journal.jsonl', '{"url":"postgres://u:Marked-1@h"}')
    chmodSync(join(folder, cluster, 'password'), 0o644)
    const { pid } = await started(`/* ${password} */ ${stays}`, {})
    expect(found()).toEqual([
      'a password that others may read: data/servers/slot-1/postgresql-18-linux-x64/password',
      'a password in data/servers/slot-1/server.log',
      'a password in ../temporary/journal.jsonl',
      `a password in the command line of process ${pid}`,
    ])
  })

  it('knows the passwords that the tests give', () => {
    expect(testPasswords(projectRoot)).toEqual(expect.arrayContaining(['tls-secret', 'S3cret-MARK%1', 'Other-MARK']))
  })
})
