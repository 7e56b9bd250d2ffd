import type { WaitEvent } from '../../study/readings.js'

/** What a worker's time went to. Every moment of a worker's backend belongs to one of them. */
export type Activity =
  | 'running'
  | 'queueing'
  | 'extension'
  | 'wal'
  | 'buffer'
  | 'locks'
  | 'io'
  | 'other'
  | 'client'
  | 'barrier'

/** How an activity is named, and what it means. */
export interface ActivityFacts {
  /** "relation extension": begins in lower case unless it is a name. */
  readonly label: string
  /** What a backend does in it, in a clause. */
  readonly meaning: string
  /**
   * Whose time it is: the server's work, waits of backends for each other or for the disk, the
   * machine's cores, the client.
   */
  readonly side: 'work' | 'server' | 'machine' | 'client'
}

/**
 * Every activity, in the order in which figures stack them: work first, then the server, the
 * machine, the client.
 */
export const activities: { readonly [A in Activity]: ActivityFacts } = {
  running: { label: 'running', meaning: 'the backend is on a core', side: 'work' },
  extension: { label: 'relation extension', meaning: 'the backend waits to add pages to a relation', side: 'server' },
  wal: { label: 'WAL', meaning: 'the backend inserts, writes or syncs WAL, or waits its turn to', side: 'server' },
  buffer: { label: 'buffer content', meaning: 'the backend waits for a page that another one holds', side: 'server' },
  locks: { label: 'other locks', meaning: 'the backend waits for any other lock', side: 'server' },
  io: { label: 'I/O', meaning: 'the backend reads or writes files other than WAL', side: 'server' },
  other: { label: 'other waits', meaning: 'the backend waits for something else in the server', side: 'server' },
  queueing: { label: 'CPU queueing', meaning: 'the backend could run and has no core', side: 'machine' },
  client: { label: 'waiting for the client', meaning: 'the backend waits for the client to send', side: 'client' },
  barrier: {
    label: 'barrier idle',
    meaning: 'the worker is done with its part and waits for the others of the batch',
    side: 'client',
  },
}

export const activityNames = Object.keys(activities) as readonly Activity[]

/**
 * What an activity is called; running holds queueing for a core where the two cannot be told apart.
 */
export function activityLabel(activity: Activity, cpuKnown: boolean): string {
  return activity === 'running' && !cpuKnown ? 'running or queueing for a core' : activities[activity].label
}

/** Whose time an activity is. */
export type ActivitySide = ActivityFacts['side']

/** What each side's time is called. */
const sideLabels: { readonly [S in ActivitySide]: string } = {
  work: 'work of the backends',
  server: 'waits in the server',
  machine: 'waits for a core',
  client: 'waits for the client and for other workers',
}

export const sideNames = Object.keys(sideLabels) as readonly ActivitySide[]

/**
 * What a side's time is called; the backends' work holds waits for a core where the two cannot be
 * told apart.
 */
export function sideLabel(side: ActivitySide, cpuKnown: boolean): string {
  return side === 'work' && !cpuKnown ? `${sideLabels.work} and ${sideLabels.machine}` : sideLabels[side]
}

/** Wait events of WAL beside those of `IO`, whose names begin with `Wal`. */
const walLocks = /^LWLock:WAL|^IO:Wal|^IPC:SyncRep$|^Timeout:CommitDelay$/
const extensionWaits = /^Lock:extend$|^IO:DataFileExtend$/
const bufferWaits = /^LWLock:Buffer|^BufferPin:|^Buffer:|^IPC:BufferIo$/

/** Whether a backend ran, or could have if it had a core. */
export function isRunnable(event: WaitEvent): boolean {
  return event === 'cpu' || event.startsWith('cpu/')
}

/**
 * The activity that a backend sleeps in (monitoring.sgml, tables of wait events), for an event that
 * is not runnable; `idle` is the client's.
 */
export function activityOf(event: WaitEvent): Exclude<Activity, 'running' | 'queueing' | 'barrier'> {
  if (event === 'idle' || event.startsWith('Client:')) return 'client'
  if (extensionWaits.test(event)) return 'extension'
  if (walLocks.test(event)) return 'wal'
  if (bufferWaits.test(event)) return 'buffer'
  if (/^(LW)?Lock:/.test(event)) return 'locks'
  return event.startsWith('IO:') ? 'io' : 'other'
}
