import { appendFileSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Event, Moment, Strike } from './point.js'
import { increase, mayStrike, order, put, read } from './state.js'

const dataVariable = 'COPYLAB_ENDURANCE_DATA'

/** Notes the guardian that was started, and the data directory of its server. */
export function noteGuardian(pid: number, data: string): void {
  put('guardian', pid)
  // Threads that start later get a copy of the environment.
  process.env[dataVariable] = data
}

/** Something with bytes that can be done by halves. */
export interface Halves<T> {
  first(): void
  rest(): T
}

/**
 * Counts an event, lets it happen, and kills before, amid or after it where the order says so.
 * `backend` is the one that the event belongs to.
 */
export function pass<T>(event: Event, whole: () => T, { backend = 0, halves }: Passing<T> = {}): T {
  const victim = victimOf(event, backend)
  if (victim === null) return whole()
  const moment = order.point!.moment
  const at = moment === 'amid' && !halves ? 'after' : moment
  if (at === 'before') strike(victim, at)
  if (at === 'amid') {
    halves!.first()
    strike(victim, at)
    return halves!.rest()
  }
  const result = whole()
  if (at === 'after') strike(victim, at)
  return result
}

interface Passing<T> {
  readonly backend?: number
  readonly halves?: Halves<T>
}

/** The process to kill at this event; null where it is not the one, or there is no such process. */
function victimOf(event: Event, backend: number): number | null {
  const nth = increase(event)
  const { point } = order
  if (point === null || event !== point.event || read('trial') < point.trial || nth < point.nth) return null
  const pid = targetOf(backend === 0 ? read('backend') : backend)
  return pid !== null && mayStrike() ? pid : null
}

function targetOf(backend: number): number | null {
  const data = process.env[dataVariable]
  switch (order.point!.target) {
    case 'client':
      return process.pid
    case 'guardian':
      return data !== undefined && holds(`/proc/${read('guardian')}/cmdline`, data) ? read('guardian') : null
    case 'server':
      return data === undefined ? null : ofServer(postmasterOf(data), data)
    case 'backend':
      return data === undefined ? null : ofServer(backend, data)
  }
}

function postmasterOf(data: string): number {
  try {
    return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return 0
  }
}

/** The process where it is one of this server, which works in its data directory; else null. */
function ofServer(pid: number, data: string): number | null {
  try {
    return pid > 0 && readlinkSync(`/proc/${pid}/cwd`) === data ? pid : null
  } catch {
    return null
  }
}

function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(text)
  } catch {
    return false
  }
}

function strike(pid: number, moment: Moment): void {
  const { point, evidence } = order
  const { trial, event } = point!
  const client = read('trial') === 0 ? null : read('threads') === 1 ? 'threads' : 'event-loop'
  const inMeasured = read('measured') === 1 && read('loads') === 1
  const noted: Strike = {
    ...point!,
    trial: Math.max(trial, read('trial')),
    nth: read(event),
    moment,
    inMeasured,
    client,
  }
  appendFileSync(evidence, `${JSON.stringify(noted)}\n`)
  process.kill(pid, 'SIGKILL')
}
