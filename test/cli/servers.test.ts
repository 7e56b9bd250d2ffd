import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusePasswords } from '../../src/cli/options/options.js'
import { projectRoot } from '../../src/project.js'
import { useRunningServer } from '../executor/running-server.js'

const { connection, rows } = useRunningServer()
const mark = 'S3cret-MARK%1'
const encoded = encodeURIComponent(mark)
const role = 'copylab_test_marked'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-cli-servers-'))
  await rows(`DROP ROLE IF EXISTS ${role}`)
  await rows(`CREATE ROLE ${role} LOGIN PASSWORD '${mark}'; GRANT CREATE ON DATABASE copylab TO ${role}`)
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await rows(`REVOKE CREATE ON DATABASE copylab FROM ${role}; DROP ROLE ${role}`)
})

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Whether the mark was among the arguments of any process. */
  readonly listed: boolean
}

/**
 * Runs the built command line to its end, with no variable of this process that concerns a server,
 * and looks at the process list meanwhile.
 */
function copylab(
  args: readonly string[],
  env: Record<string, string> = {},
  node: readonly string[] = [],
): Promise<Outcome> {
  const others = Object.entries(process.env).filter(([name]) => !/^PG|^DATABASE_URL$/.test(name))
  const child = spawn(process.execPath, [...node, join(projectRoot, 'dist', 'cli.js'), ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(others), ...env },
  })
  let stdout = ''
  let stderr = ''
  let listed = false
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const look = setInterval(() => {
    listed ||= isListed()
  }, 100)
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(look)
      resolve({ code, stdout, stderr, listed })
    }),
  )
}

function isListed(): boolean {
  if (!existsSync('/proc/self/cmdline')) return false
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return /S3cret-MARK/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      } catch {
        return false
      }
    })
}

const study = (name: string, ...more: string[]): string[] =>
  `study --name ${name} --input synthetic --records 500 --workers 1,2 --batch-size 100 --blocks 1 --warm-up-blocks 0 --server url`
    .split(' ')
    .concat(['--folder', join(folder, 'studies'), ...more])
const address = (password: string) => `postgres://${role}:${password}@127.0.0.1:${connection().config.port}/copylab`

const threeWays =
  /^Expected no password on the command line, .* DATABASE_URL .* PGPASSWORD .* ~\/\.pgpass\. Change this one/

test.each([
  ['study', '--name', 'x', '--server', `postgres://u:${encoded}@h/db`],
  ['study', '--name', 'x', `--server=postgresql://u:${encoded}@h/db`],
  ['start', '--server', `postgres://h/db?user=u&password=${encoded}`],
  ['doctor', '--server', `postgres://u:${mark}@h/db`],
  ['notebook', 'run', '-p', `anything=postgres://u:${encoded}@h/db`],
  ['notebook', 'run', '-p', `list=a,postgres://u:${encoded}@h/db`],
  ['notebook', 'run', '-p', `dbPassword=${mark}`],
  ['no-command', `postgres://u:${encoded}@h/db`],
])('copylab refuses a password among its arguments, without repeating it: %s', (...args) => {
  expect(() => refusePasswords(args)).toThrow(threeWays)
  expect(() => refusePasswords(args)).not.toThrow(/MARK/)
})

test('copylab takes arguments without a password', () => {
  refusePasswords([...study('x'), '--server', 'postgres://u@h:5432/db?sslmode=require', '--settings', 'a=work_mem=1MB'])
})

describe('copylab', () => {
  test('refuses a password before it reads its arguments', async () => {
    const refused = await copylab(['study', '--server', `postgres://u:S3cret-@h/db`, '--nonsense'])
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^copylab: Expected no password/),
    })
  })

  test('names what is wrong with a variable, and fails', async () => {
    const failed = await copylab(study('x'), { PGHOST: '127.0.0.1', PGPORT: 'abc' })
    expect(failed).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'copylab: Expected PGPORT to be a port number, got "abc"\n',
    })
  })

  test('fails with a word where it waits for what can never come', async () => {
    const module = join(folder, 'no-connection.mjs')
    writeFileSync(module, "import net from 'node:net'\nnet.Socket.prototype.connect = function () { return this }\n")
    const stuck = await copylab(study('x'), { DATABASE_URL: address(encoded) }, ['--import', module])
    expect(stuck.stderr).toMatch(/\ncopylab: the command ended in the midst of its work/)
    expect(stuck.code).toBe(1)
  })

  test('study and check name the rights that the user lacks; no password is in anything that is written or listed', async () => {
    const ran = await copylab(study('marked'), { DATABASE_URL: address(encoded) })
    expect(ran).toMatchObject({ code: 0, listed: false })
    expect(ran.stdout).toMatch(/! no-checkpoint: .*pg_checkpoint\n! no-proc: .*pg_read_server_files/)
    const checked = await copylab(['check', 'marked', '--json', '--folder', join(folder, 'studies')])
    expect(JSON.parse(checked.stdout).map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['no-checkpoint', 'no-proc']),
    )
    const { port } = connection().config
    const passed = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: role, PGDATABASE: 'copylab' }
    const wrong = await copylab(study('refused'), { ...passed, PGPASSWORD: 'Other-MARK' })
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/refused the user or the password/) })
    const journals = readdirSync(join(folder, 'studies'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(join(folder, 'studies', name), 'utf8'))
    expect(journals.length).toBe(1)
    const log = Object.values((await rows("SELECT pg_read_file('../../server.log', 0, 10000000, true) AS log"))[0]!)[0]
    expect(log).toMatch(/password authentication failed/)
    for (const text of [JSON.stringify([ran, checked, wrong]), String(log), ...journals])
      expect(text).not.toMatch(/MARK/)
  })

  test('notebook run warns of a cell that holds a password', async () => {
    const path = join(folder, 'own.ipynb')
    const source = `const address = 'postgres://u:${encoded}@h/db'\nconsole.log(address)`
    const cell = { cell_type: 'code', id: 'own', metadata: {}, source, execution_count: null, outputs: [] }
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }))
    const out = join(folder, 'out')
    const ran = await copylab(['notebook', 'run', path, '--out', out])
    expect(ran).toMatchObject({ code: 0, listed: false })
    expect(ran.stderr).toMatch(/Warning: cell 1 holds a password, which is masked in what is written: take it from/)
    for (const name of readdirSync(out)) expect(readFileSync(join(out, name), 'utf8')).not.toMatch(/MARK/)
    expect(readdirSync(out).sort()).toEqual(['own.html', 'own.ipynb'])
    expect(JSON.stringify(ran)).not.toMatch(/MARK/)
  })
})
