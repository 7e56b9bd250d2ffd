import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { cellError } from '../../../src/notebook/kernel/cell-error.js'

class CopyError extends Error {
  override readonly name = 'CopyError'
  readonly sqlState = '23505'
}

test.each([
  [inspect(new RangeError('Expected `workers`')), 'RangeError', 'Expected `workers`'],
  [inspect(new CopyError('two\nlines')), 'CopyError', 'two\nlines'],
  [inspect(new Error('outer', { cause: new TypeError('inner') })), 'Error', 'outer'],
  [inspect(new DOMException('stopped', 'AbortError')), 'AbortError', 'stopped'],
  [
    'evalmachine.<anonymous>:3\nthrow new Error("a: b")\n^\n\nError: a: b\n    at evalmachine.<anonymous>:3:1\n',
    'Error',
    'a: b',
  ],
  ['UnhandledPromiseRejection: Error: late\n    at x:1:1\n', 'Error', 'late'],
  ['\u001b[31mTypeError: coloured\u001b[39m\n    at x:1:1', 'TypeError', 'coloured'],
  ['a word: thrown\n', 'Error', 'a word: thrown'],
  ["{ code: 'E1' }\n", 'Error', "{ code: 'E1' }"],
  [
    "1:7 - Type 'string' is not assignable\n2:7 - No\n",
    'TypeScriptError',
    "1:7 - Type 'string' is not assignable\n2:7 - No",
  ],
])('cellError(%j) names the error and its message', (printed, ename, evalue) => {
  expect(cellError(printed)).toMatchObject({ output_type: 'error', ename, evalue })
})

test('cellError leaves the kernel out of the traceback and keeps the frames of the project', () => {
  const printed = [
    'Error: no',
    '    at load (/p/dist/executor/trial.js:3:9)',
    '    at Script.runInThisContext (node:vm:135:14)',
    '    at execute (/p/node_modules/tslab/dist/executor.js:160:38)',
  ].join('\n')
  expect(cellError(printed).traceback).toEqual(['Error: no', '    at load (/p/dist/executor/trial.js:3:9)'])
})
