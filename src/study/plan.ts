import type { LeftOut } from './design.js'
import type { Meanings } from './factors/meanings.js'
import type { Preregistration } from './preregistration.js'
import type { Probes } from './readings.js'
import type { Table } from './table.js'
import type { Treatment } from './treatment.js'

/** Controls of a study: the treatment that each repeats, null for none. */
export interface Controls {
  readonly aa: Treatment | null
  /**
   * The positive control: `by` 0.1 waits, inside the clock, for a tenth of the time that the load
   * took.
   */
  readonly slowdown: { readonly treatment: Treatment; readonly by: number } | null
}

/**
 * Plan of a study, written and hashed before the first trial. `blocks` is not part of the hash:
 * more may be added later.
 */
export interface Plan {
  readonly name: string
  /** Version of the journal's format. */
  readonly schemaVersion: number
  /** First 12 hex digits of a SHA-256: see `planHash`. */
  readonly hash: string
  readonly treatments: readonly Treatment[]
  /** Treatments that were requested and are not run, since an equivalent treatment is. */
  readonly leftOut: readonly LeftOut[]
  /** Meanings of the named levels. */
  readonly meanings: Meanings
  readonly controls: Controls
  readonly probes: Probes
  readonly blocks: number
  readonly warmUpBlocks: number
  readonly seed: number
  readonly input: Record<string, unknown>
  readonly server: Record<string, unknown>
  /**
   * The table to fill; null for the one that fits the input's records, as in every plan of format
   * 2.
   */
  readonly table: Table | null
  /** Criteria fixed beforehand; null for an exploratory study. */
  readonly preregistration: Preregistration | null
}
