import { expect, test } from 'vitest'
import { cellOutputs, type Displays } from '../../../src/notebook/kernel/cell-outputs.js'
import { type Message, request } from '../../../src/notebook/kernel/wire.js'

const message = (type: string, content: Record<string, unknown>): Message => request(type, content, 's')
const stream = (text: string, name = 'stdout') => message('stream', { name, text })
const shown = (type: string, text: string, id?: string) =>
  message(type, { data: { 'text/plain': text }, metadata: {}, transient: { display_id: id } })
const display = (text: string) => ({ output_type: 'display_data', data: { 'text/plain': text }, metadata: {} })

test('receive merges consecutive writes to one stream and keeps the order of streams', () => {
  const cell = cellOutputs(new Map())
  for (const each of [stream('a'), stream('b'), stream('c', 'stderr'), stream('d')]) cell.receive(each)
  expect(cell.outputs()).toEqual([
    { output_type: 'stream', name: 'stdout', text: 'ab' },
    { output_type: 'stream', name: 'stderr', text: 'c' },
    { output_type: 'stream', name: 'stdout', text: 'd' },
  ])
})

test('receive(update_display_data) replaces the display in whichever cell it stands', () => {
  const displays: Displays = new Map()
  const [first, second] = [cellOutputs(displays), cellOutputs(displays)]
  first.receive(shown('display_data', '1 of 3', 'bar'))
  first.receive(shown('display_data', 'other'))
  second.receive(shown('update_display_data', '3 of 3', 'bar'))
  expect(first.outputs()).toEqual([display('3 of 3'), display('other')])
  expect(second.outputs()).toEqual([])
})

test('receive(clear_output) clears at once, or with `wait` when the next output arrives', () => {
  const cell = cellOutputs(new Map())
  cell.receive(stream('a'))
  cell.receive(message('clear_output', { wait: true }))
  expect(cell.outputs()).toHaveLength(1)
  cell.receive(stream('b'))
  expect(cell.outputs()).toEqual([{ output_type: 'stream', name: 'stdout', text: 'b' }])
  cell.receive(message('clear_output', { wait: false }))
  expect(cell.outputs()).toEqual([])
})

test('receive(error) keeps the error that the kernel published; fail puts another in its place, or at the end', () => {
  const error = (ename: string) => ({ ename, evalue: 'no', traceback: [`${ename}: no`] })
  const cell = cellOutputs(new Map())
  for (const each of [stream('warning\n', 'stderr'), message('error', error('Interrupted'))]) cell.receive(each)
  expect(cell.error()).toEqual({ output_type: 'error', ...error('Interrupted') })
  const late = { output_type: 'error', ...error('CellTimeout') } as const
  expect(cell.fail(late)).toBe(late)
  const warning = { output_type: 'stream', name: 'stderr', text: 'warning\n' }
  expect(cell.outputs()).toEqual([warning, late])
  expect(cell.error()).toBe(late)

  const untold = cellOutputs(new Map())
  untold.receive(stream('warning\n', 'stderr'))
  untold.fail(late)
  expect(untold.outputs()).toEqual([warning, late])
})

test('receive makes outputs that a notebook can hold of whatever a kernel sends', () => {
  const cell = cellOutputs(new Map())
  cell.receive(message('stream', { name: 7, text: null }))
  cell.receive(message('error', { ename: 1, traceback: [2, 'x'] }))
  cell.receive(message('display_data', { data: [1], metadata: 'x', transient: 'x' }))
  cell.receive(message('execute_result', { data: { 'text/plain': ['a\n', 'b'] }, execution_count: 'x' }))
  expect(cell.outputs()).toEqual([
    { output_type: 'stream', name: 'stdout', text: 'null' },
    { output_type: 'error', ename: '1', evalue: '', traceback: ['2', 'x'] },
    { output_type: 'display_data', data: {}, metadata: {} },
    { output_type: 'execute_result', data: { 'text/plain': 'a\nb' }, metadata: {}, execution_count: null },
  ])
})
