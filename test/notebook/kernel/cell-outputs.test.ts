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

test('fail turns the last write to stderr into the error and leaves earlier ones', () => {
  const cell = cellOutputs(new Map())
  for (const each of [stream('warning\n', 'stderr'), stream('TypeError: no\n    at x:1:1\n', 'stderr')])
    cell.receive(each)
  cell.fail()
  expect(cell.outputs()).toEqual([
    { output_type: 'stream', name: 'stderr', text: 'warning\n' },
    { output_type: 'error', ename: 'TypeError', evalue: 'no', traceback: ['TypeError: no', '    at x:1:1'] },
  ])
  expect(cell.error()?.ename).toBe('TypeError')
})
