import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { peersFolder } from '../places.js'
import type { MissingPeer } from './peer.js'
import { type Conversation, outputOf, type Programs } from './programs.js'

const folder = join(peersFolder, 'python')
const interpreter = join(folder, '.venv', 'bin', 'python')

/** The path of one of the bench's Python programs. */
export const pythonProgram = (file: string): string => join(folder, file)

/** Versions of Python and of the given packages in the bench's environment, or how to make it. */
export async function findPython(
  name: string,
  packages: readonly string[],
): Promise<{ readonly state: 'found'; readonly versions: Readonly<Record<string, string>> } | MissingPeer> {
  const missing = (reason: string): MissingPeer => ({
    state: 'missing',
    name,
    reason,
    remedy:
      'python3 -m venv bench/peers/python/.venv && bench/peers/python/.venv/bin/pip install -r bench/peers/python/requirements.txt',
  })
  if (!existsSync(interpreter)) return missing('there is no bench/peers/python/.venv')
  const script =
    'import json, platform, sys; from importlib.metadata import version; print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in sys.argv[1:]}}))'
  const answer = await outputOf(interpreter, ['-c', script, ...packages])
  if (answer === null) return missing(`bench/peers/python/.venv lacks ${packages.join(' or ')}`)
  return { state: 'found', versions: JSON.parse(answer) as Record<string, string> }
}

/** A Python program that takes one JSON object per line and answers each with one. */
export interface PythonSession {
  /** Throws with the program's own words when it fails. */
  ask<Answer>(request: Readonly<Record<string, unknown>>): Promise<Answer>
}

/** Starts one of the bench's Python programs. */
export function startPython(
  programs: Programs,
  file: string,
  args: readonly string[] = [],
): PythonSession & Conversation {
  const conversation = programs.start(interpreter, [pythonProgram(file), ...args])
  return {
    ...conversation,
    async ask<Answer>(request: Readonly<Record<string, unknown>>) {
      conversation.say(JSON.stringify(request))
      return JSON.parse(await conversation.hear()) as Answer
    },
  }
}
