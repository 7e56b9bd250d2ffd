import { stripVTControlCharacters } from 'node:util'
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'
import { reportedDiagnostics, reportedError } from '../../../src/notebook/kernel/reported-error.js'

const shown = (error: unknown): string => stripVTControlCharacters(reportedError(error).traceback.join('\n'))

function thrown(code: string): unknown {
  try {
    return runInThisContext(code)
  } catch (error) {
    return error
  }
}

test('reportedError is the message alone: no stack, no place in compiled code, no line of it', () => {
  const error = new RangeError('Expected the name of a study, got "nowhere"; there are a, b')
  expect(reportedError(error)).toMatchObject({ output_type: 'error', ename: 'RangeError', evalue: error.message })
  expect(shown(error)).toBe(`RangeError: ${error.message}`)
})

test("reportedError names the cells' functions that an error came through", () => {
  const error = thrown(
    '(function () { function inner() { throw new Error("no") } function outer() { inner() } outer() })()',
  )
  expect(shown(error)).toBe('Error: no\n    in inner()\n    in outer()')
})

test('reportedError tells causes that the message does not tell', () => {
  const cause = new Error('connect ECONNREFUSED')
  expect(shown(new Error('No server listens', { cause }))).toBe(
    'Error: No server listens\nCaused by Error: connect ECONNREFUSED',
  )
  expect(shown(new Error('No server: connect ECONNREFUSED', { cause }))).toBe('Error: No server: connect ECONNREFUSED')
})

test.each([
  ['a word', 'Error: a word'],
  [{ code: 1 }, 'Error: { code: 1 }'],
  [undefined, 'Error: undefined'],
])('reportedError(%j) shows what was thrown', (value, text) => {
  expect(shown(value)).toBe(text)
})

test('reportedError of an interrupted cell says what was kept and how to go on', () => {
  for (const message of ['Interrupted asynchronously', 'Script execution was interrupted by `SIGINT`']) {
    expect(shown(new Error(message))).toBe(
      'Interrupted: the cell was stopped. A study keeps the trials that had ended: run the cell again to continue it',
    )
  }
})

test("reportedDiagnostics holds the compiler's messages, a line each", () => {
  expect(reportedDiagnostics(['1:7 - no number', '2:1 - no name'])).toMatchObject({
    ename: 'TypeScriptError',
    evalue: '1:7 - no number\n2:1 - no name',
  })
})
