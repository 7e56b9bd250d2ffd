import { inspect, stripVTControlCharacters } from 'node:util'
import type { ErrorOutput } from '../file/notebook-file.js'

/** Messages of an interrupted cell: by tslab where it waited, by Node.js where it computed. */
const interrupted = /^(?:Interrupted asynchronously|Script execution was interrupted by `SIGINT`)$/

/** A frame in a function of a cell; tslab wraps a cell's own lines in functions without a name. */
const cellFrame = /^\s+at (?:async )?(?!Object\.<anonymous>)(\S+) \(evalmachine\.<anonymous>/

/**
 * The report of an error that ended a cell: name and message, its causes, and the cells' functions
 * that it came through. Places in libraries and in compiled code say nothing to one who reads
 * cells, and are left out.
 */
export function reportedError(error: unknown): ErrorOutput {
  if (!isError(error)) return errorOutput('Error', typeof error === 'string' ? error : inspect(error))
  if (interrupted.test(error.message)) {
    return errorOutput(
      'Interrupted',
      'the cell was stopped. A study keeps the trials that had ended: run the cell again to continue it',
    )
  }
  const causes = causesOf(error).map((cause) => `Caused by ${isError(cause) ? headline(cause) : inspect(cause)}`)
  const functions = (error.stack ?? '').split('\n').flatMap((line) => cellFrame.exec(line)?.[1] ?? [])
  return errorOutput(error.name, asTyped(error), [...causes, ...functions.map((name) => `    in ${name}()`)])
}

/**
 * An error's message with variables as they were typed: Node.js names a variable of an earlier cell
 * as a property of `exports`, to which it is compiled.
 */
function asTyped({ name, message }: Error): string {
  return name === 'TypeError' ? message.replace(/\bexports\.(?=[\w$.[\]]+(?:\(\.\.\.\))? is not )/g, '') : message
}

/**
 * The report of a cell that the compiler refused; `diagnostics` are lines such as "1:7 - Type
 * 'string' is not …".
 */
export function reportedDiagnostics(diagnostics: readonly string[]): ErrorOutput {
  return errorOutput('TypeScriptError', diagnostics.join('\n'))
}

/**
 * An error as Jupyter's outputs hold it: its name and its message, which begin the traceback, and
 * more lines of that.
 */
export function errorOutput(ename: string, evalue: string, more: readonly string[] = []): ErrorOutput {
  // Bold red, as Jupyter's own kernels write an error's name.
  return { output_type: 'error', ename, evalue, traceback: [`\u001b[1;31m${ename}\u001b[0m: ${evalue}`, ...more] }
}

function headline({ name, message }: Error): string {
  return stripVTControlCharacters(`${name}: ${message}`)
}

/** The causes whose message is not already part of the message before them. */
function causesOf(error: Error): unknown[] {
  const { cause } = error
  if (cause === undefined || cause === null) return []
  const isIncluded = isError(cause) && error.message.includes(cause.message)
  return [...(isIncluded ? [] : [cause]), ...(isError(cause) ? causesOf(cause) : [])]
}

/** Whether a value is an error, also one of another realm, as a cell's may be. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}
