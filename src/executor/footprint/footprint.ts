import type { Place } from '../server/connection-error.js'

/** Effects that a session would have on a server. Estimates of bytes are rough. */
export interface Footprint {
  readonly place: Place
  readonly schema: string
  readonly trials: number
  readonly records: number
  /** WAL of all trials together. */
  readonly walBytes: number
  /** Maximum size of the table and its indexes at a time. */
  readonly diskBytes: number
  /** Number of CHECKPOINTs that are issued. */
  readonly checkpoints: number
  /** Whether the user may issue any. */
  readonly mayCheckpoint: boolean
  /** Maximum number of connections at a time, copylab's own that control and observe included. */
  readonly connections: number
  /** How many of them are those of workers. */
  readonly workers: number
  /** Objects and connections of others. */
  readonly others: Others
}

/** Tables and connections of others on a server. */
export interface Others {
  readonly tables: number
  /** Size of the whole database. */
  readonly databaseBytes: number
  readonly connections: number
}
