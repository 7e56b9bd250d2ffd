import { stripVTControlCharacters } from 'node:util'
import type { ErrorOutput } from '../notebook-file.js'

/** The prefix that tslab gives to errors nobody awaited. */
const unawaited = /^(?:UnhandledPromiseRejection|UncaughtException): /
const diagnostic = /^(?:\S+ )?\d+:\d+ - /
const kernelFrame = /^\s+at .*(?:node_modules[\\/]tslab[\\/]|\(?node:)/

/** Whether a piece of stderr reports a rejection or exception that no cell awaited. */
export function isUnawaitedError(text: string): boolean {
  return unawaited.test(text)
}

/** Whether a piece of stderr is a message of the compiler: tslab prints one write for each. */
export function isDiagnostic(text: string): boolean {
  return diagnostic.test(text)
}

/** The `error` output for what tslab printed about a failed cell: an inspected error, any thrown value, or the compiler's messages. */
export function cellError(printed: string): ErrorOutput {
  const text = stripVTControlCharacters(printed).replace(unawaited, '').trimEnd()
  const traceback = text.split('\n').filter((line) => !kernelFrame.test(line))
  const head = isDiagnostic(text)
    ? { ename: 'TypeScriptError', evalue: text }
    : (namedError(text) ?? { ename: 'Error', evalue: text || 'The cell failed and printed no reason' })
  return { output_type: 'error', ...head, traceback }
}

/** The `error` output of a cell that was ended from outside. */
export function endedCell(ename: string, evalue: string): ErrorOutput {
  return { output_type: 'error', ename, evalue, traceback: [`${ename}: ${evalue}`] }
}

function namedError(text: string): { ename: string; evalue: string } | null {
  // Node puts the place, the line and an empty line before an error that left a script.
  const body = text.replace(/^\S+:\d+\n[\s\S]*?\n\n/, '')
  const [head = ''] = body.split(/\n\s+at |\s\{\n/)
  const match = /^\[?([A-Za-z_$][\w$]*)(?: \[(\w+)\])?(?:: ([\s\S]*?))?\]?$/.exec(head)
  if (!match || (match[3] === undefined && !/(?:Error|Exception)$/.test(match[1] ?? ''))) return null
  const [, name = '', label, message = ''] = match
  return { ename: name === 'DOMException' && label ? label : name, evalue: message }
}
