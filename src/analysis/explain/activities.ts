import { type WaitActivity, waitEventRow } from '../../study/journal/wait-events.js'
import type { WaitEvent } from '../../study/readings.js'
import { nodeWait } from './node-waits.js'

/**
 * The kinds of activity that a worker's time is divided into. Every moment of a worker's backend
 * belongs to one of them.
 */
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
  | 'nodes'
  | 'distributedCommit'
  | 'indexes'

/** Name and meaning of an activity. */
export interface ActivityFacts {
  /** "relation extension": begins in lower case unless it is a name. */
  readonly label: string
  /** A clause that says what a backend does in this activity. */
  readonly meaning: string
  /**
   * The part of the system that the time belongs to: the server's work, waits of backends for each
   * other or for the disk, the machine's cores, or the client.
   */
  readonly side: 'work' | 'server' | 'machine' | 'client'
}

/**
 * All activities, in the order in which figures stack them: work first, then the server, the
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
  nodes: {
    label: 'waiting for nodes',
    meaning: 'the backend waits for the nodes of the cluster that hold the shards',
    side: 'server',
  },
  distributedCommit: {
    label: 'distributed commit',
    meaning: 'the backend waits for the nodes to commit, in two phases',
    side: 'server',
  },
  queueing: { label: 'CPU queueing', meaning: 'the backend could run and has no core', side: 'machine' },
  client: { label: 'waiting for the client', meaning: 'the backend waits for the client to send', side: 'client' },
  barrier: {
    label: 'barrier idle',
    meaning: 'the worker is done with its part and waits for the others of the batch',
    side: 'client',
  },
  indexes: {
    label: 'making indexes',
    meaning: 'all records are in, and indexes and keys are made',
    side: 'work',
  },
}

export const activityNames = Object.keys(activities) as readonly Activity[]

/**
 * Returns the name of an activity; running includes queueing for a core where the two cannot be
 * distinguished (`cpuKnown` false).
 */
export function activityLabel(activity: Activity, cpuKnown: boolean): string {
  return activity === 'running' && !cpuKnown ? 'running or queueing for a core' : activities[activity].label
}

/** The part of the system that an activity's time belongs to. */
export type ActivitySide = ActivityFacts['side']

/** Name of each side's time. */
const sideLabels: { readonly [S in ActivitySide]: string } = {
  work: 'work of the backends',
  server: 'waits in the server',
  machine: 'waits for a core',
  client: 'waits for the client and for other workers',
}

export const sideNames = Object.keys(sideLabels) as readonly ActivitySide[]

/**
 * Returns the name of a side's time; the backends' work includes waits for a core where the two
 * cannot be distinguished (`cpuKnown` false).
 */
export function sideLabel(side: ActivitySide, cpuKnown: boolean): string {
  return side === 'work' && !cpuKnown ? `${sideLabels.work} and ${sideLabels.machine}` : sideLabels[side]
}

/** Returns whether a backend ran, or could have if it had a core. */
export function isRunnable(event: WaitEvent): boolean {
  return event === 'cpu' || event.startsWith('cpu/')
}

/**
 * Returns the activity that a waiting backend belongs to, for an event of `waitsOfTrial` that is
 * not runnable; `idle` is the client's.
 */
export function activityOf(event: WaitEvent): WaitActivity | 'nodes' {
  if (event.startsWith(nodeWait)) return 'nodes'
  return event === 'idle' ? 'client' : waitEventRow(event).activity
}
