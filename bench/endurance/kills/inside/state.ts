import { isMainThread, workerData } from 'node:worker_threads'
import { events, type Order, orderVariable } from './point.js'

/** What this client is to do. */
export const order = JSON.parse(process.env[orderVariable]!) as Order

/**
 * What the threads of a client know together: whether it has struck; the trial's number in this
 * run; whether its place is measured; whether its client is `threads`; whether it loads; the
 * processes of the guardian and of the backend that was used last; and the number of events of each
 * kind.
 */
const fields = ['struck', 'trial', 'measured', 'threads', 'loads', 'guardian', 'backend', ...events] as const
type Field = (typeof fields)[number]

interface GivenData {
  readonly shared: SharedArrayBuffer
}

/** The memory of `fields`, given to every thread. */
export const shared = isMainThread
  ? new SharedArrayBuffer(fields.length * Int32Array.BYTES_PER_ELEMENT)
  : (workerData as GivenData).shared
const cells = new Int32Array(shared)
const indexOf = (field: Field): number => fields.indexOf(field)

/** Returns a field's value. */
export const read = (field: Field): number => Atomics.load(cells, indexOf(field))

/** Changes a field's value. */
export function put(field: Field, value: number): void {
  Atomics.store(cells, indexOf(field), value)
}

/** Adds 1, and returns the sum. */
export const increase = (field: Field): number => Atomics.add(cells, indexOf(field), 1) + 1

/** Whether nobody has struck so far; from then on somebody has. */
export const mayStrike = (): boolean => Atomics.compareExchange(cells, indexOf('struck'), 0, 1) === 0

/** Begins to count anew, in the next trial. */
export function beginTrial(): void {
  for (const event of events) put(event, 0)
  put('loads', 0)
  increase('trial')
}
