import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { clusterOf, listens, postmasterOf, processesIn } from '../../../bench/endurance/traces.js'
import { projectRoot } from '../../../src/project.js'
import { copyProject, runScript, type Script, useServer } from './project-copy.js'

const linuxRoot = process.platform === 'linux' && process.getuid?.() === 0

let folder: string
let servers: string
const scripts: Script[] = []
/** A net for what never ends. */
const patience = { timeout: 120_000 }

beforeAll(() => {
  // As `mktemp -d` makes it: mode 0700, owned by whoever runs the tests.
  folder = mkdtempSync(join(tmpdir(), 'copylab project ü '))
  servers = join(folder, 'data/servers')
  copyProject(folder)
})
afterEach(async () => {
  for (const { process } of scripts.splice(0)) process.kill('SIGKILL')
  await vi.waitUntil(() => processesIn(folder).length === 0, patience)
})
afterAll(() => rmSync(folder, { recursive: true }))

const start = (env?: NodeJS.ProcessEnv) => {
  const script = runScript(folder, useServer, env)
  scripts.push(script)
  return script
}
const connected = async (script: Script) => JSON.parse(await script.line())
const gone = (port: number) =>
  vi.waitUntil(async () => processesIn(folder).length === 0 && !(await listens(port)), patience)

const parentOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }))

test('a process that is killed by SIGKILL takes its server with it, and the next one starts on the same slot', async () => {
  const first = start()
  const { config } = await connected(first)
  expect(await listens(config.port)).toBe(true)
  first.process.kill('SIGKILL')
  expect(await first.end()).toBe('SIGKILL')
  await gone(config.port)
  const { facts } = await connected(start())
  expect(facts.findings).toEqual([])
  expect(postmasterOf(servers)).toBeGreaterThan(0)
})

test('a process that is interrupted by SIGINT takes its server with it', async () => {
  const script = start()
  const { config } = await connected(script)
  script.process.kill('SIGINT')
  expect(await script.end()).toBe('SIGINT')
  await gone(config.port)
})

test('a process that is killed while initdb or PostgreSQL starts leaves nothing running', async () => {
  rmSync(servers, { recursive: true })
  for (const step of ['creating', 'starting']) {
    const script = runScript(
      folder,
      `import { embedded } from './dist/executor/server/embedded.js'
       await embedded().use(async () => {}, {
         onStep: (message) => message.startsWith('${step}') && setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5),
       })`,
    )
    expect(await script.end()).toBe('SIGKILL')
    await vi.waitUntil(() => processesIn(folder).length === 0, patience)
  }
  expect((await connected(start())).facts.findings).toEqual([])
})

test('a process ends by itself once `use` is over', async () => {
  const script = start()
  await connected(script)
  script.process.stdin?.end()
  expect(await script.end()).toBe(0)
  expect(processesIn(folder)).toEqual([])
})

test.each(['the shell that waits', 'the shell that signals'])(
  'a server whose guardian lost %s is stopped all the same',
  async (which) => {
    const script = start()
    await connected(script)
    const waiting = parentOf(postmasterOf(servers))
    const others = processesIn(folder).filter((pid) => parentOf(pid) === waiting && pid !== postmasterOf(servers))
    expect(others).toHaveLength(1)
    process.kill(which === 'the shell that waits' ? waiting : others[0]!, 'SIGKILL')
    script.process.stdin?.end()
    expect(await script.end()).toBe(0)
    await vi.waitUntil(() => processesIn(folder).length === 0, 10_000)
  },
)

test('two processes that start at once have a slot each, and one says that another runs', async () => {
  const answers = await Promise.all([connected(start()), connected(start())])
  expect(new Set(answers.map(({ config }) => config.port)).size).toBe(2)
  expect(postmasterOf(servers, 1)).not.toBe(postmasterOf(servers, 2))
  expect(answers.flatMap(({ facts }) => facts.findings.map(({ code }: { code: string }) => code))).toContain(
    'other-server-running',
  )
})

/** Starts a server and kills its process and its guardian. */
async function orphan(): Promise<{ readonly port: number; readonly postmaster: number }> {
  const first = start()
  const { config } = await connected(first)
  const postmaster = postmasterOf(servers)
  const others = processesIn(folder).filter((pid) => pid !== postmaster)
  // The guardian's two shells, found by their command line; the backends end with the postmaster.
  const guardians = others.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sh\n')
  for (const pid of [...guardians, first.process.pid!]) process.kill(pid, 'SIGKILL')
  await first.end()
  expect(guardians).toHaveLength(2)
  expect(await listens(config.port)).toBe(true)
  return { port: config.port, postmaster }
}

test.skipIf(process.platform !== 'linux')(
  'the next use ends a server that outlived its process and its guardian [reads /proc]',
  async () => {
    const { port, postmaster } = await orphan()
    const next = await connected(start())
    expect(next.facts.findings).toEqual([])
    expect(await listens(port)).toBe(false)
    expect(postmasterOf(servers)).not.toBe(postmaster)
  },
)

test.skipIf(process.platform !== 'linux')(
  'the next use ends a server of another version that was left in its slot [reads /proc]',
  async () => {
    const { port } = await orphan()
    const other = clusterOf(servers).replace(/postgresql-\d+/, 'postgresql-14')
    renameSync(clusterOf(servers), other)
    await connected(start())
    expect(await listens(port)).toBe(false)
    rmSync(other, { recursive: true })
  },
)

// Where `unshare` is missing: the same commands without it.
function pathWithoutUnshare(): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin')
  rmSync(bin, { recursive: true, force: true })
  mkdirSync(bin)
  for (const name of ['chown', 'id', 'rm', 'sleep']) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name))
  }
  return { ...process.env, PATH: bin }
}

/** Whether a user without rights reaches a folder. */
function everyoneMayEnter(path: string): boolean {
  return (statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || everyoneMayEnter(dirname(path)))
}

test.skipIf(!linuxRoot || !everyoneMayEnter(resolve(projectRoot)))(
  'root without unshare runs the server as nobody where that user may enter [only as root, in a project that all may enter]',
  async () => {
    chmodSync(folder, 0o755)
    await connected(start())
    for (const { process } of scripts.splice(0)) process.kill('SIGKILL')
    await vi.waitUntil(() => processesIn(folder).length === 0, patience)
    const { facts } = await connected(start(pathWithoutUnshare()))
    expect(facts.kind).toBe('embedded')
    expect(statSync(join(clusterOf(servers), 'data')).uid).toBe(Number(execFileSync('id', ['-u', 'nobody'])))
  },
)

test.skipIf(!linuxRoot)('root without unshare gets the remedy in a folder of its own [only as root]', async () => {
  chmodSync(folder, 0o700)
  const { error } = await connected(start(pathWithoutUnshare()))
  expect(error).toMatch(/^PostgreSQL does not run as root, and no other user can run it here/)
  expect(error).toMatch(/run as a normal user, or move the project to a folder that every user may enter$/)
  expect(error).not.toContain(folder)
})
