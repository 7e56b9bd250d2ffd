import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { lastLines } from '../../last-lines.js'
import { displayPath, packageRoot, projectRoot } from '../../project.js'
import { makeFolder, writeWhole } from '../../writable.js'

/** An installed JupyterLab, 4 or newer. */
export interface JupyterLab {
  readonly command: string
  readonly version: string
  /** Variables that it needs in its environment in addition to this process's. */
  readonly env: Readonly<Record<string, string>>
}

export interface JupyterLabOptions {
  /**
   * Folders in which programs are searched, separated as in `PATH`.
   *
   * @default the `PATH` of this
   * process
   */
  readonly path?: string
  /**
   * Folder of the project's own JupyterLab, which is made where it is missing.
   *
   * @default `.venv` in
   * the project's folder
   */
  readonly venv?: string
  /** Called with one line for each step while one is installed. */
  readonly onStep?: (line: string) => void
  readonly signal?: AbortSignal
}

/**
 * Thrown when there is no JupyterLab and none could be installed. The message ends with the remedy.
 */
export class JupyterLabError extends Error {
  override readonly name = 'JupyterLabError'
}

const requirements = join(packageRoot, 'notebooks', 'jupyter', 'requirements.txt')
const orInstall = 'or install JupyterLab 4 yourself, so that `jupyter-lab` is found on the PATH'

/**
 * The JupyterLab on the `PATH` when it is 4 or newer, else the one in the project's `.venv`, which
 * is made where there is none. Throws `JupyterLabError` when it cannot be, and the signal's reason
 * when aborted.
 */
export async function findJupyterLab(options: JupyterLabOptions = {}): Promise<JupyterLab> {
  const { path = process.env.PATH ?? '', venv = join(projectRoot, '.venv'), onStep = () => {}, signal } = options
  const run: Run = (command, args) => output(command, args, { ...process.env, PATH: path }, signal)
  const onPath = programs(path, ['jupyter-lab'])[0]
  const found = onPath === undefined ? null : await jupyterLab(run, onPath, {})
  if (found) return found
  return (await inVenv(run, venv)) ?? installed(run, path, venv, onStep)
}

type Run = (command: string, args: readonly string[]) => Promise<string>

async function jupyterLab(run: Run, command: string, env: JupyterLab['env']): Promise<JupyterLab | null> {
  const version = (await attempt(run, command, ['--version']))?.trim() ?? ''
  return Number(/^(\d+)\./.exec(version)?.[1]) >= 4 ? { command, version, env } : null
}

async function inVenv(run: Run, venv: string): Promise<JupyterLab | null> {
  const command = join(venv, 'bin', 'jupyter-lab')
  return existsSync(command) ? jupyterLab(run, command, await stateIn(join(venv, 'jupyter'))) : null
}

/**
 * The environment of a JupyterLab that keeps its settings and its state in a folder, and asks
 * neither anybody nor the network about news.
 */
export async function stateIn(folder: string): Promise<Record<string, string>> {
  const config = join(folder, 'config')
  const settings = join(config, 'labconfig', 'default_setting_overrides.json')
  makeFolder(dirname(settings))
  const silent = { '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false } }
  writeWhole(settings, JSON.stringify(silent))
  return {
    JUPYTER_CONFIG_DIR: config,
    JUPYTER_DATA_DIR: join(folder, 'data'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
  }
}

async function installed(run: Run, path: string, venv: string, onStep: (line: string) => void): Promise<JupyterLab> {
  const python = await findPython(run, path)
  const folder = displayPath(venv)
  onStep(
    `There is no JupyterLab 4 here: installing one into ${folder}, with ${python}. That happens once, takes a minute or two and 300 MB`,
  )
  const isNew = !existsSync(venv)
  try {
    await run(python, ['-m', 'venv', venv]).catch((error: ProgramError) => {
      const remedy = 'install its venv module (on Debian and Ubuntu `apt install python3-venv`)'
      throw new JupyterLabError(`${python} could not make ${folder}: ${lastWords(error)}\n${remedy}, ${orInstall}`)
    })
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--requirement', requirements]
    await run(join(venv, 'bin', 'python'), pip).catch((error: ProgramError) => {
      const remedy =
        'See that the Python package index can be reached, or name another in PIP_INDEX_URL, and type the same again'
      throw new JupyterLabError(
        `pip could not install JupyterLab into ${folder}: ${lastWords(error)}\n${remedy}, ${orInstall}`,
      )
    })
    // JupyterLab comes with scripts for Node.js that are not ES modules, as those of this project
    // are.
    await writeFile(join(venv, 'package.json'), '{ "type": "commonjs" }\n')
    const lab = await inVenv(run, venv)
    if (!lab) throw new JupyterLabError(`The JupyterLab in ${folder} does not start: remove ${folder}, ${orInstall}`)
    return lab
  } catch (error) {
    if (isNew) await rm(venv, { recursive: true, force: true })
    throw error
  }
}

/** The command of the first Python that is new enough. */
async function findPython(run: Run, path: string): Promise<string> {
  const names = ['python3', 'python', ...[14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`)]
  const script = 'import sys; print(sys.version_info >= (3, 9))'
  for (const command of programs(path, names)) {
    if ((await attempt(run, command, ['-c', script]))?.trim() === 'True') return command
  }
  throw new JupyterLabError(
    `JupyterLab needs Python 3.9 or newer, and there is none on the PATH: install it, ${orInstall}`,
  )
}

/** The paths of programs that are there, name by name. */
function programs(path: string, names: readonly string[]): string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).filter((program) => existsSync(program))
}

interface ProgramError extends Error {
  readonly stderr?: string
}

async function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal) {
  try {
    return (await promisify(execFile)(command, args, { env, signal, maxBuffer: 2 ** 26 })).stdout
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

/** Runs a program and returns what it prints; null when it cannot be run or fails. */
async function attempt(run: Run, command: string, args: readonly string[]): Promise<string | null> {
  return run(command, args).catch((error: ProgramError & { readonly code?: unknown }) => {
    if ('code' in error) return null
    throw error
  })
}

/** The last line that a failed program wrote. */
function lastWords({ stderr, message }: ProgramError): string {
  return lastLines(stderr ?? '', 3) || message
}
