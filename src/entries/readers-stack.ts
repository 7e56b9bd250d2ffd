import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../project.js'

const built = join(packageRoot, 'dist')

/**
 * Returns an error whose stack names the lines of whoever called copylab alone: below a message
 * that says what to do, places in copylab's built code and in Node.js say nothing to the reader of
 * a script. What is no error is returned as it is.
 */
export function withReadersStack(error: unknown): unknown {
  if (!(error instanceof Error) || error.stack === undefined) return error
  withReadersStack(error.cause)
  const isOwn = (line: string): boolean => line.includes(built) || line.includes(pathToFileURL(built).href)
  const lines = error.stack.split('\n')
  const isFrame = (line: string): boolean => /^ {4}at /.test(line)
  // Run from its source, as its own tests do, copylab keeps its stack.
  if (!lines.some((line) => isFrame(line) && isOwn(line))) return error
  error.stack = lines.filter((line) => !isFrame(line) || !(isOwn(line) || /\(?node:/.test(line))).join('\n')
  return error
}
