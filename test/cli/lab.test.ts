import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chapterCopy } from '../../src/cli/chapter.js'
import { projectRoot } from '../../src/project.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab lab '))
})
afterEach(() => rmSync(folder, { recursive: true }))

/**
 * Puts a program on the PATH that looks like JupyterLab: it answers at its port, and writes down
 * how it was started and that it was asked to end.
 */
function fakeJupyterLab(start = ''): void {
  const script = `#!${process.execPath}
if (process.argv[2] === '--version') return console.log('4.9.9')
${start}
const { writeFileSync } = require('fs')
const port = process.argv.find((word) => word.startsWith('--ServerApp.port=')).split('=')[1]
require('http').createServer((_, answer) => answer.end('{}')).listen(port, '127.0.0.1')
const { JUPYTER_PATH, JUPYTER_TOKEN } = process.env
writeFileSync(${JSON.stringify(join(folder, 'started'))}, JSON.stringify({ args: process.argv.slice(2), JUPYTER_PATH, JUPYTER_TOKEN, cwd: process.cwd() }))
process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(join(folder, 'ended'))}, ''); process.exit(0) })
`
  writeFileSync(join(folder, 'jupyter-lab'), script)
  chmodSync(join(folder, 'jupyter-lab'), 0o755)
}

/** Runs `copylab lab`; sends `signal` when it has printed its address. */
function lab(args: readonly string[], signal: NodeJS.Signals = 'SIGTERM') {
  const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) }
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'cli.js'), 'lab', '--no-browser', ...args], { env })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
    if (stdout.endsWith('\n')) child.kill(signal)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
    child.on('close', (code) => done({ code, stdout, stderr })),
  )
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'copylab lab opens the chapter on 127.0.0.1 with the kernel of the project, and ends JupyterLab on %s',
  async (signal) => {
    fakeJupyterLab()
    const { code, stdout, stderr } = await lab(['--in-place'], signal)
    expect(code, stderr).toBe(0)
    const started = JSON.parse(readFileSync(join(folder, 'started'), 'utf8')) as Record<string, string> & {
      args: string[]
    }
    const { JUPYTER_TOKEN: token } = started
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/lab\/tree\/notebooks\/worker-analysis\.ipynb\?token=/)
    expect(stdout.trim().endsWith(`?token=${token}`)).toBe(true)
    expect(started.args.join(' ')).not.toContain(token)
    expect(started.args).toEqual(
      expect.arrayContaining(['--ServerApp.ip=127.0.0.1', `--ServerApp.root_dir=${projectRoot}`]),
    )
    expect(started.JUPYTER_PATH!.split(delimiter)[0]).toBe(join(projectRoot, 'notebooks', 'jupyter'))
    expect(readFileSync(join(folder, 'ended'), 'utf8')).toBe('')
    expect(stderr).not.toContain('trial')
    if (signal === 'SIGINT') expect(stderr).toContain('Ending JupyterLab and its kernels; what they measured is kept.')
  },
)

test('copylab lab says why JupyterLab did not start', async () => {
  fakeJupyterLab("console.error('Bad config encountered'); process.exit(1)")
  const { code, stderr } = await lab(['--in-place'])
  expect(code).toBe(1)
  expect(stderr).toContain('copylab: JupyterLab did not start: it exited with code 1\nBad config encountered')
})

test('copylab lab --port names the way out when the port is taken', async () => {
  fakeJupyterLab()
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const { code, stderr } = await lab(['--in-place', '--port', String(port)])
  server.close()
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use: choose another by --port, or leave that out`)
})

test('copylab lab refuses a notebook whose cells would not find copylab', async () => {
  fakeJupyterLab()
  const { code, stderr } = await lab([join(folder, 'mine.ipynb')])
  expect(code).toBe(1)
  expect(stderr).toContain("Expected a notebook in the project's folder")
})

test('copylab lab opens a copy of the chapter, and says so', async () => {
  fakeJupyterLab()
  const isNew = !existsSync(chapterCopy)
  try {
    const { stdout, stderr } = await lab([])
    expect(stdout).toContain('/lab/tree/notebooks/my-worker-analysis.ipynb?')
    if (isNew)
      expect(stderr).toMatch(
        /^Copied .*worker-analysis\.ipynb to .*my-worker-analysis\.ipynb, which is yours to change/,
      )
    expect((await lab([])).stderr).toMatch(
      /^Opening .*my-worker-analysis\.ipynb, your copy of .* \(--in-place opens the original\)/,
    )
  } finally {
    // One that a reader made is theirs.
    if (isNew) rmSync(chapterCopy, { force: true })
  }
})

test('copylab lab refuses --in-place with a notebook, which is opened as it is anyway', async () => {
  const { code, stderr } = await lab(['--in-place', 'mine.ipynb'])
  expect(code).toBe(1)
  expect(stderr).toContain('Expected `--in-place` without a notebook: mine.ipynb is opened as it is anyway')
})
