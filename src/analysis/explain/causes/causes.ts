import type { MeasuredName } from '../wall-clock/wall-time.js'

/** What the time that a change costs or saves may be for. */
export type CauseName =
  | 'work'
  | 'cores'
  | 'extension'
  | 'wal'
  | 'buffer'
  | 'locks'
  | 'io'
  | 'nodes'
  | 'client'
  | 'network'

/** Name, meaning and measure of a cause. */
export interface CauseFacts {
  /** "relation extension": begins in lower case unless it is a name. */
  readonly label: string
  /** A clause that says what the time is for. */
  readonly meaning: string
  /**
   * Its own measure: the sum of these contributions to the change of the time, in milliseconds per
   * worker. No contribution belongs to two causes.
   */
  readonly measure: readonly MeasuredName[]
}

/** All causes that are looked for, each with one measure. */
export const causes: { readonly [C in CauseName]: CauseFacts } = {
  work: {
    label: 'work of the backends',
    meaning: 'backends are on a core for longer, or make indexes',
    measure: ['running', 'indexes'],
  },
  cores: { label: 'cores', meaning: 'backends could run and have no core', measure: ['queueing'] },
  extension: {
    label: 'relation extension',
    meaning: 'backends wait to add pages to a relation',
    measure: ['extension'],
  },
  wal: { label: 'WAL', meaning: 'backends insert, write or flush WAL, or wait their turn to', measure: ['wal'] },
  buffer: { label: 'buffer content', meaning: 'backends wait for pages that others hold', measure: ['buffer'] },
  locks: { label: 'other locks', meaning: 'backends wait for any other lock', measure: ['locks'] },
  io: { label: 'I/O', meaning: 'backends read or write files other than WAL', measure: ['io'] },
  nodes: {
    label: 'nodes of the cluster',
    meaning: 'backends wait for the nodes that hold the shards, or for their commit',
    measure: ['nodes', 'distributedCommit'],
  },
  client: {
    label: 'client',
    meaning: 'backends wait for the client to have a part ready, and workers for each other at the barrier',
    measure: ['client', 'barrier'],
  },
  network: { label: 'network', meaning: 'workers wait for round trips to the server', measure: ['network'] },
}

export const causeNames = Object.keys(causes) as readonly CauseName[]
