import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isFreePort, loopback } from '../../free-port.js'
import { lastLines } from '../../last-lines.js'
import { packageRoot, projectRoot } from '../../project.js'
import { signalGroup } from '../process/process-group.js'
import { within } from '../process/within.js'
import type { JupyterLab } from './jupyter-lab.js'

export interface LabServerOptions {
  readonly lab: JupyterLab
  /** A notebook in the project's folder. */
  readonly notebook: string
  /**
   * Port on 127.0.0.1.
   *
   * @default the first free one from 8888
   */
  readonly port?: number
  /** Whether JupyterLab opens a browser. */
  readonly browser: boolean
  /**
   * Address of the service that draws pictures for the figures of the notebooks that it saves.
   * @default no pictures are drawn
   */
  readonly pictures?: string | undefined
  /** Added to JupyterLab's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Called with the text that JupyterLab and its kernels write. */
  readonly onLog?: (text: string) => void
  readonly signal?: AbortSignal
}

/** A running JupyterLab. */
export interface LabServer {
  /** Address that opens the notebook, with the token that grants access. */
  readonly url: string
  /** Resolves when JupyterLab ends by itself, with the reason. */
  readonly ended: Promise<string>
}

const firstPort = 8888
const startTimeoutMs = 60_000
/** Time in ms that JupyterLab may take to end its kernels, each of which has up to 5 s. */
const endTimeoutMs = 15_000

/**
 * Starts JupyterLab in the project's folder, where `show` finds plotly.js, with the project's
 * kernel and reachable from this machine alone; calls `task` with it, and ends it and its kernels
 * however `task` ends. Throws when it does not start.
 */
export async function withLabServer<T>(options: LabServerOptions, task: (server: LabServer) => Promise<T>): Promise<T> {
  const { lab, browser, pictures, signal, onLog = () => {} } = options
  const notebook = placeOf(options.notebook)
  const port = options.port ?? (await firstFreePort())
  if (options.port !== undefined && !(await isFreePort(port))) {
    throw new Error(`Port ${port} of ${loopback} is in use: choose another by --port, or leave that out`)
  }
  signal?.throwIfAborted()
  const token = randomUUID()
  const child = spawn(lab.command, labArguments(port, notebook, browser), {
    cwd: projectRoot,
    env: { ...process.env, ...lab.env, ...projectEnvironment(pictures), ...options.env, JUPYTER_TOKEN: token },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C in a terminal reaches it through us alone, and it asks no question
    // about it.
    detached: true,
  })
  const endToo = () => child.kill('SIGTERM')
  process.once('exit', endToo)
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
    onLog(text)
  })
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(`it could not be started: ${error.message}`))
    child.once('close', (code, by) => done(by ? `it was ended by ${by}` : `it exited with code ${code}`))
  })
  try {
    const failed = ended.then((how) => {
      throw new Error(`JupyterLab did not start: ${how}\n${lastLines(log, 10)}`)
    })
    const waiting = new AbortController()
    const signals = [waiting.signal, ...(signal ? [signal] : [])]
    await Promise.race([answers(port, AbortSignal.any(signals)), failed])
      .finally(() => waiting.abort())
      .catch((error: unknown) => {
        signal?.throwIfAborted()
        throw error
      })
    const path = notebook.split(sep).map(encodeURIComponent).join('/')
    return await task({ url: `http://${loopback}:${port}/lab/tree/${path}?token=${token}`, ended })
  } finally {
    await end(child, ended)
    process.off('exit', endToo)
  }
}

function labArguments(port: number, notebook: string, browser: boolean): string[] {
  return [
    notebook,
    `--ServerApp.ip=${loopback}`,
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${projectRoot}`,
    `--ServerApp.open_browser=${browser ? 'True' : 'False'}`,
    // The kernel that a new notebook gets and that the launcher lists first.
    '--MultiKernelManager.default_kernel_name=tslab',
    '--Application.log_level=ERROR',
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ]
}

/**
 * Environment variables for JupyterLab: the project's kernel before others of its name, in the
 * Node.js that runs now; settings by which a new notebook gets the default kernel at once, since
 * JupyterLab's question about it proposes the first one by name; and the extension of the server
 * that puts pictures into what it saves.
 */
function projectEnvironment(pictures: string | undefined): Record<string, string> {
  const before = (path: string, others: string | undefined) => (others ? `${path}${delimiter}${others}` : path)
  const jupyter = join(packageRoot, 'notebooks', 'jupyter')
  const extension = join(jupyter, 'server')
  return {
    JUPYTER_PATH: before(jupyter, process.env.JUPYTER_PATH),
    JUPYTER_CONFIG_PATH: before(extension, process.env.JUPYTER_CONFIG_PATH),
    PYTHONPATH: before(extension, process.env.PYTHONPATH),
    PATH: before(dirname(process.execPath), process.env.PATH),
    ...(pictures !== undefined && { COPYLAB_PICTURES: pictures }),
  }
}

function placeOf(notebook: string): string {
  const place = relative(projectRoot, resolve(notebook))
  if (place === '' || place.startsWith('..')) {
    throw new RangeError(`Expected a notebook in the project's folder, where its cells find copylab, got ${notebook}`)
  }
  return place
}

async function firstFreePort(): Promise<number> {
  for (let port = firstPort; port < firstPort + 100; port++) if (await isFreePort(port)) return port
  throw new Error(
    `Every port of ${loopback} from ${firstPort} to ${firstPort + 99} is in use: name a free one by --port`,
  )
}

/** Settles when the server answers at all: its first address needs no token. */
async function answers(port: number, signal: AbortSignal): Promise<void> {
  for (
    const begin = performance.now();
    performance.now() - begin < startTimeoutMs;
    await delay(100, null, { signal })
  ) {
    const answer = await fetch(`http://${loopback}:${port}/api`).catch(() => null)
    if (answer) return
  }
  throw new Error(`JupyterLab did not answer on port ${port} within ${startTimeoutMs / 1000} s`)
}

async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM')
  if ((await within(endTimeoutMs, ended)) !== null) return
  signalGroup(child, 'SIGKILL')
  await ended
}
