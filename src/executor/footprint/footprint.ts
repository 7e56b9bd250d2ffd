import type { Place } from '../server/connection-error.js'

/** What a session would do on a server. Estimates of bytes are rough. */
export interface Footprint {
  readonly place: Place
  readonly schema: string
  readonly trials: number
  readonly records: number
  /** WAL of all trials together. */
  readonly walBytes: number
  /** The most that the table and its indexes take at a time. */
  readonly diskBytes: number
  /** CHECKPOINTs that are issued. */
  readonly checkpoints: number
  /** Whether the user may issue any. */
  readonly mayCheckpoint: boolean
  /** The most connections at a time. */
  readonly connections: number
  /** What is there of others. */
  readonly others: Others
}

/** What is on a server of others. */
export interface Others {
  readonly tables: number
  /** Of the whole database. */
  readonly databaseBytes: number
  readonly connections: number
}
