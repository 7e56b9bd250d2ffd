import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { peersFolder } from '../places.js'

/** A tool that is here. */
export interface FoundTool {
  readonly state: 'found'
  /** Of the tool and of what it rests on. */
  readonly versions: Readonly<Record<string, string>>
  /** Its program, or what runs its scripts. */
  readonly path: string
}

/** A tool that is not here, and how to get it. */
export interface MissingTool {
  readonly state: 'missing'
  readonly reason: string
  readonly remedy: string
}

/** Looks for a tool. */
export type FindTool = () => Promise<FoundTool | MissingTool>

/** The interpreter of the bench's Python environment with the given packages. */
export function python(...packages: readonly string[]): FindTool {
  const interpreter = join(peersFolder, 'python', '.venv', 'bin', 'python')
  const script =
    'import json, platform, sys; from importlib.metadata import version; print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in sys.argv[1:]}}))'
  return async () => {
    const said = existsSync(interpreter) ? await outputOf(interpreter, ['-c', script, ...packages]) : null
    if (said !== null) {
      return { state: 'found', versions: JSON.parse(said) as Record<string, string>, path: interpreter }
    }
    return {
      state: 'missing',
      reason: existsSync(interpreter)
        ? `bench/peers/python/.venv lacks ${packages.join(' or ')}`
        : 'there is no bench/peers/python/.venv',
      remedy:
        'python3 -m venv bench/peers/python/.venv && bench/peers/python/.venv/bin/pip install -r bench/peers/python/requirements.txt',
    }
  }
}

/** Node.js with the given packages of the bench's own, in bench/peers/node. */
export function node(...packages: readonly string[]): FindTool {
  const manifestOf = (name: string): string => join(peersFolder, 'node', 'node_modules', name, 'package.json')
  return async () => {
    if (!packages.every((name) => existsSync(manifestOf(name)))) {
      return {
        state: 'missing',
        reason: `bench/peers/node lacks ${packages.join(' or ')}`,
        remedy: 'npm ci --prefix bench/peers/node',
      }
    }
    const versions = packages.map((name) => {
      const { version } = JSON.parse(readFileSync(manifestOf(name), 'utf8')) as { version: string }
      return [name, version]
    })
    return { state: 'found', versions: Object.fromEntries(versions), path: process.execPath }
  }
}

/**
 * A program in bench/peers that was built by `remedy`, with the version of a library as `lock` has
 * it.
 */
export function built(
  file: string,
  { library, lock, version, remedy }: { library: string; lock: string; version: RegExp; remedy: string },
): FindTool {
  const path = join(peersFolder, file)
  return async () => {
    if (!existsSync(path)) return { state: 'missing', reason: `there is no bench/peers/${file}`, remedy }
    const found = version.exec(readFileSync(join(peersFolder, lock), 'utf8'))?.[1] ?? 'unknown'
    return { state: 'found', versions: { [library]: found }, path }
  }
}

/** A program that answers to `--version`, sought at these places, the first of them first. */
export function installed(name: string, places: readonly string[], remedy: string): FindTool {
  return async () => {
    for (const path of places) {
      const said = await outputOf(path, ['--version'])
      if (said === null) continue
      return { state: 'found', versions: { [name]: /v?\d+\.\d+[\w.]*/.exec(said)?.[0] ?? 'unknown' }, path }
    }
    return { state: 'missing', reason: `there is no ${places.join(' and no ')}`, remedy }
  }
}

/** What a program without input writes; null when there is no such program or it fails. */
async function outputOf(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args)
    return `${stdout}${stderr}`.trim()
  } catch {
    return null
  }
}

/** PostgreSQL's own client. */
export const psql = installed(
  'psql',
  ['psql'],
  "install PostgreSQL's client programs (Debian: apt-get install postgresql-client)",
)
