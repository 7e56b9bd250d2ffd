import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findJupyterLab, JupyterLabError } from '../../../src/notebook/lab/jupyter-lab.js'

let root: string
let venv: string
let path: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'copylab lab '))
  venv = join(root, '.venv')
  path = [join(root, 'bin'), '/usr/bin-of-nobody'].join(delimiter)
})
afterEach(() => rmSync(root, { recursive: true }))

function program(place: string, script: string): void {
  mkdirSync(dirname(join(root, place)), { recursive: true })
  writeFileSync(join(root, place), `#!/bin/sh\n${script}\n`)
  chmodSync(join(root, place), 0o755)
}

/** A Python that makes environments whose `pip install` runs `pip`. */
function python(pip: string): void {
  program(
    'bin/python3',
    `if [ "$1" = -c ]; then echo True; exit; fi
/bin/mkdir -p "$3/bin"
printf '#!/bin/sh\\n%s\\n' '${pip}' > "$3/bin/python"
/bin/chmod +x "$3/bin/python"`,
  )
}

const found = (onStep: (line: string) => void = () => {}) => findJupyterLab({ path, venv, onStep })
const refusal = () =>
  found().then(
    () => 'found',
    (error: unknown) => (error instanceof JupyterLabError ? error.message : `${error}`),
  )

test('findJupyterLab takes the JupyterLab on the PATH when it is 4 or newer', async () => {
  program('bin/jupyter-lab', 'echo 4.2.1')
  expect(await found()).toEqual({ command: join(root, 'bin', 'jupyter-lab'), version: '4.2.1', env: {} })
})

test.each(['echo 3.6.8', 'echo broken >&2; exit 1'])(
  'findJupyterLab takes the one in .venv when that on the PATH answers `%s`',
  async (script) => {
    program('bin/jupyter-lab', script)
    program('.venv/bin/jupyter-lab', 'echo 4.5.11')
    const lab = await found()
    expect(lab).toMatchObject({ command: join(venv, 'bin', 'jupyter-lab'), version: '4.5.11' })
    for (const place of Object.values(lab.env)) expect(place.startsWith(venv)).toBe(true)
    const settings = join(lab.env.JUPYTER_CONFIG_DIR!, 'labconfig', 'default_setting_overrides.json')
    expect(readFileSync(settings, 'utf8')).toContain('"fetchNews":"false"')
  },
)

test('findJupyterLab makes .venv from the pinned requirements, and says so before it begins', async () => {
  python(
    'echo "$@" > "$(/usr/bin/dirname "$0")/asked"; echo "echo 4.5.11" > "$(/usr/bin/dirname "$0")/jupyter-lab"; /bin/chmod +x "$(/usr/bin/dirname "$0")/jupyter-lab"',
  )
  const steps: string[] = []
  expect(await found((line) => steps.push(line))).toMatchObject({ version: '4.5.11' })
  expect(steps).toEqual([
    expect.stringMatching(/^There is no JupyterLab 4 here: installing one into .* That happens once/),
  ])
  const asked = readFileSync(join(venv, 'bin', 'asked'), 'utf8')
  const requirements = /--requirement (.*)\n/.exec(asked)![1]!
  expect(readFileSync(requirements, 'utf8')).toMatch(/^jupyterlab==4\.[\d.]+\npapermill==[\d.]+\n$/)
})

test('findJupyterLab without a Python that is new enough says what to install', async () => {
  program('bin/python3', 'echo False')
  expect(await refusal()).toBe(
    'JupyterLab needs Python 3.9 or newer, and there is none on the PATH: install it, or install JupyterLab 4 yourself, so that `jupyter-lab` is found on the PATH',
  )
})

test('findJupyterLab whose pip fails shows its last words and a remedy, and leaves no half of a .venv', async () => {
  python('echo "ERROR: Could not find a version" >&2; exit 1')
  expect(await refusal()).toMatch(
    /^pip could not install JupyterLab into \.venv: ERROR: Could not find a version\nSee that the Python package index can be reached/,
  )
  expect(existsSync(venv)).toBe(false)
})

test('findJupyterLab keeps a .venv that it did not make when pip fails', async () => {
  mkdirSync(venv)
  python('exit 1')
  expect(await refusal()).toContain('pip could not install')
  expect(existsSync(venv)).toBe(true)
})

test('findJupyterLab whose Python has no venv names the package to install', async () => {
  program('bin/python3', 'if [ "$1" = -c ]; then echo True; else echo "No module named venv" >&2; exit 1; fi')
  expect(await refusal()).toMatch(/could not make \.venv: No module named venv\n.*apt install python3-venv/)
})

test('findJupyterLab rejects with the reason of its signal', async () => {
  python('exec /bin/sleep 20')
  const abort = new AbortController()
  const onStep = () => setTimeout(() => abort.abort(new Error('stop')), 300)
  await expect(findJupyterLab({ path, venv, onStep, signal: abort.signal })).rejects.toThrow('stop')
  expect(existsSync(venv)).toBe(false)
})
