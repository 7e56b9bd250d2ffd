import type { Finding } from './finding.js'

/**
 * Facts about a server at the beginning of a study's session. Holds no password and no user name.
 */
export interface ServerFacts {
  readonly kind: string
  /** Version of PostgreSQL, such as "18.4". */
  readonly version: string
  /** `server_version_num`, such as 180004. */
  readonly versionNumber: number
  readonly host: string
  readonly port: number
  readonly database: string
  /** Settings that affect a bulk load, as `current_setting` spells them. */
  readonly settings: Record<string, string>
  /** Whether CHECKPOINT may be issued between trials. */
  readonly canCheckpoint: boolean
  /** Reason why `/proc` of the server's host cannot be read through SQL; null when it can. */
  readonly procRefusal: string | null
  readonly findings: readonly Finding[]
}

/** A node of a Citus cluster at the beginning of a study's session. */
export interface NodeFacts {
  /** Its address as the cluster knows it: "worker-1:5432". */
  readonly node: string
  readonly role: 'coordinator' | 'worker'
  /** Version of PostgreSQL on it. */
  readonly version: string
  /**
   * Number of the host that it runs on, from 0: nodes with equal numbers share one. Null where it
   * could not be read.
   */
  readonly host: number | null
  /** Whether its `/proc` can be read through SQL. */
  readonly readsProc: boolean
  /** Its settings that affect a bulk load, as `ServerFacts` has those of the coordinator. */
  readonly settings: Record<string, string>
}

/** A Citus cluster at the beginning of a study's session. */
export interface ClusterFacts {
  /** Version of Citus. */
  readonly version: string
  /** The coordinator, then the workers. */
  readonly nodes: readonly NodeFacts[]
}

/** Size and digest of a whole file, by which a later change is seen. */
export interface FileContent {
  readonly name: string
  readonly bytes: number
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string
}

/** Facts found by one pass over the input, which every trial is verified against. */
export interface InputFacts {
  readonly name: string
  readonly files: number
  readonly records: number
  readonly badRecords: number
  /**
   * The records that could not be analysed, by kind: "12 lines: reason, first in file:line".
   * Earlier sessions have the first few records, "file:line: reason".
   */
  readonly badRecordExamples: readonly string[]
  /** Order-free checksum of the typed records, comparable with the table's. */
  readonly checksum: string
  /**
   * Contents of its files, in their order; null for an input that copylab makes itself, and in a
   * session that was written before they were kept.
   */
  readonly contents: readonly FileContent[] | null
}

/** How rows that tables hold before a load are put back. */
export type ExistingRestore = 'rows' | 'database'

/**
 * Hardware, software, server and input of one session of a study. A study that was interrupted has
 * several.
 */
export interface Context {
  /** Time at which the session began: ISO 8601, UTC. */
  readonly startedAt: string
  readonly server: ServerFacts
  /**
   * The cluster that tables are distributed over; null for a study without distributed tables, and
   * in a session that was written before there could be.
   */
  readonly cluster: ClusterFacts | null
  readonly input: InputFacts
  /**
   * Checksum of the rows that tables hold before a load; null for a study without any, and in a
   * session that was written before they could.
   */
  readonly existingChecksum: string | null
  /**
   * How these rows are put back before each trial: `rows` for a new table that is filled from kept
   * ones, `database` for a copy of a whole database, of whose pages none are in the server's memory
   * at first. Null where `existingChecksum` is, and in a session from before there were both.
   */
  readonly existingRestore: ExistingRestore | null
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number }
  readonly os: { readonly platform: string; readonly release: string; readonly arch: string }
  readonly node: string
  /** Version of copylab and of the libraries on the measured path. */
  readonly packages: Record<string, string>
  /** The project's commit, and whether its files differ from it; null outside a git checkout. */
  readonly git: { readonly commit: string; readonly dirty: boolean } | null
  /** Findings about validity at the beginning of the session. */
  readonly findings: readonly Finding[]
}
