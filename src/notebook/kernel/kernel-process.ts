import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../project.js'
import { signalGroup } from '../process/process-group.js'
import { within } from '../process/within.js'

/** The connection file of the Jupyter protocol. */
export interface ConnectionFile {
  readonly transport: 'ipc'
  /** Beginning of the sockets' paths; a colon and the port follow. */
  readonly ip: string
  readonly shell_port: number
  readonly iopub_port: number
  readonly stdin_port: number
  readonly control_port: number
  readonly hb_port: number
  readonly signature_scheme: 'hmac-sha256'
  readonly key: string
}

/**
 * Path of the kernel that `notebooks/jupyter/kernels/tslab/kernel.json` names. It is the built one,
 * like the modules that cells import.
 */
const kernelEntry = join(packageRoot, 'dist', 'notebook', 'kernel', 'tslab-kernel.js')

/** A kernel's process, and what it writes outside of cells. */
export interface KernelProcess {
  readonly child: ChildProcess
  readonly connection: ConnectionFile
  readonly ended: Promise<string>
  stderr(): string
}

/**
 * Script that ends the kernel when its stdin closes: our end of that pipe closes when this process
 * dies, however it dies, and the kernel must not outlive it.
 */
const endWithParent = `
process.stdin.on('end', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), 5000).unref()
}).on('error', () => {}).resume().unref()`

/**
 * Starts the kernel with a connection file in `folder`. It gets a process group of its own, so that
 * Ctrl-C in a terminal reaches it through `interrupt` alone.
 */
export async function startKernelProcess(
  folder: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<KernelProcess> {
  const connection = newConnection(folder)
  const configPath = join(folder, 'connection.json')
  await writeFile(configPath, JSON.stringify(connection), { mode: 0o600 })
  const before = `data:text/javascript,${encodeURIComponent(endWithParent)}`
  const child = spawn(process.execPath, ['--import', before, kernelEntry, 'kernel', '--config-path', configPath], {
    cwd,
    env: { ...process.env, FORCE_COLOR: undefined, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(signal ? `it was ended by ${signal}` : `it exited with code ${code}`))
  })
  return { child, connection, ended, stderr: () => stderr }
}

/**
 * Waits `graceMs` for a kernel that was asked to shut down, then ends it, and whatever processes it
 * left.
 */
export async function endKernelProcess({ child, ended }: KernelProcess, graceMs: number): Promise<void> {
  if ((await within(graceMs, ended)) !== null) return signalGroup(child, 'SIGTERM')
  child.kill('SIGTERM')
  if ((await within(3_000, ended)) === null) child.kill('SIGKILL')
  await ended
  signalGroup(child, 'SIGTERM')
}

/**
 * The connection of a new kernel: Unix sockets in a folder of our own, which nobody else can reach
 * or take. Free TCP ports are taken now and then between the choice and the kernel's start, and a
 * client that asks for one too early can meet itself there.
 */
function newConnection(folder: string): ConnectionFile {
  return {
    transport: 'ipc',
    ip: join(folder, 'socket'),
    shell_port: 1,
    iopub_port: 2,
    stdin_port: 3,
    control_port: 4,
    hb_port: 5,
    signature_scheme: 'hmac-sha256',
    key: randomUUID(),
  }
}
