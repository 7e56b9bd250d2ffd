import type { LeftOut } from './design.js'
import type { Meanings } from './factors/meanings.js'
import type { Preregistration } from './preregistration.js'
import type { Probes } from './readings.js'
import type { Definition } from './table/definition.js'
import type { Table } from './table/table.js'
import type { Treatment } from './treatment.js'

/** Controls of a study: the treatment that each repeats, null for none. */
export interface Controls {
  readonly aa: Treatment | null
  /**
   * The positive control: `by` 0.1 waits, inside the clock, for a tenth of the time that the load
   * took.
   */
  readonly slowdown: { readonly treatment: Treatment; readonly by: number } | null
  /**
   * The positive control by real work: `by` 0.05 adds work of the client that takes a twentieth of
   * the CPU time of client and backends, spread evenly over the records.
   */
  readonly work: { readonly treatment: Treatment; readonly by: number } | null
  /** The control that no probe observes. */
  readonly unprobed: Treatment | null
}

/**
 * Plan of a study, written and hashed before the first trial. `blocks` is not part of the hash:
 * more may be added later.
 */
export interface Plan {
  /** Name of the study. */
  readonly name: string
  /** Version of the journal's format. */
  readonly schemaVersion: number
  /** First 12 hex digits of a SHA-256: see `planHash`. */
  readonly hash: string
  /** The treatments to run, each once in every block. */
  readonly treatments: readonly Treatment[]
  /** Treatments that were requested and are not run, since an equivalent treatment is. */
  readonly leftOut: readonly LeftOut[]
  /** Meanings of the named levels. */
  readonly meanings: Meanings
  /** Control trials of every block. */
  readonly controls: Controls
  /** The probes that observe the trials. */
  readonly probes: Probes
  /** Number of complete passes over all treatments: the maximum where a stopping rule is set. */
  readonly blocks: number
  /**
   * Number of blocks of each session, with a server and a client process started for it; null where
   * sessions are no level of replication, but as many as there were calls that ran trials.
   */
  readonly blocksPerSession: number | null
  /** Number of passes at the start of each session that are never analysed. */
  readonly warmUpBlocks: number
  /** Seed of the random order within each block. */
  readonly seed: number
  /** Description of the input: JSON, no absolute path. */
  readonly input: Record<string, unknown>
  /** Description of the server: JSON, no password, user or absolute path. */
  readonly server: Record<string, unknown>
  /**
   * The table to fill; null for the one that fits the input's records, as in every plan of format
   * 2.
   */
  readonly table: Table | null
  /** How the table is made; null for a table made from `table` or from the input's columns. */
  readonly definition: Definition | null
  /** Criteria fixed beforehand; null for an exploratory study. */
  readonly preregistration: Preregistration | null
}
