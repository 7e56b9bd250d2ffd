import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../project.js'

const built = join(packageRoot, 'dist')

/**
 * Returns an error whose stack names the lines of whoever called copylab alone: below a message
 * that says what to do, places in copylab's built code and in Node.js say nothing to the reader of
 * a script. Where the error's own stack, of which Node.js keeps ten places, does not reach those
 * lines, they are those of `called`, an error that was made when copylab was called. What is no
 * error is returned as it is.
 */
export function withReadersStack(error: unknown, called: Error): unknown {
  if (!(error instanceof Error) || error.stack === undefined) return error
  withReadersStack(error.cause, called)
  const isOwn = (line: string): boolean => line.includes(built) || line.includes(pathToFileURL(built).href)
  const lines = error.stack.split('\n')
  const isFrame = (line: string): boolean => /^ {4}at /.test(line)
  // Run from its source, as its own tests do, copylab keeps its stack.
  if (!lines.some((line) => isFrame(line) && isOwn(line))) return error
  const isReaders = (line: string): boolean => isFrame(line) && !(isOwn(line) || /\(?node:/.test(line))
  const frames = lines.filter(isReaders)
  const own = frames.length > 0 ? frames : (called.stack ?? '').split('\n').filter(isReaders)
  error.stack = [...lines.filter((line) => !isFrame(line)), ...own].join('\n')
  return error
}
