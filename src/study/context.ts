import type { Finding } from './finding.js'

/**
 * Processors of a machine as its operating system counts them, whatever part of them a container or
 * a process may use; those of a virtual machine are what its host shows to it.
 */
export interface CoreTopology {
  readonly sockets: number
  /** Number of cores over all sockets. */
  readonly cores: number
  /** Number of threads of the cores that have most. */
  readonly threadsPerCore: number
}

/** Facts about a machine that bear on what is measured there. */
export interface MachineFacts {
  /** Its processors; null where they could not be read. */
  readonly topology: CoreTopology | null
  /** What Linux reads the time from, such as `tsc`; null where it could not be read. */
  readonly clockSource: string | null
  /** Reason for each fact that is null. */
  readonly missing: { readonly [Fact in 'topology' | 'clockSource']?: string }
}

/**
 * Where a server keeps its data directory; a `pg_wal` that is a symbolic link to another file
 * system is not seen. Holds no path.
 */
export interface StorageFacts {
  /** Type of the file system, such as `ext4`; null where it could not be read. */
  readonly fileSystem: string | null
  /**
   * Whether the file system is the root of the server's files or mounted below it; null where
   * `fileSystem` is.
   */
  readonly mount: 'root' | 'below' | null
  /** Name of the block device, such as `nvme0n1p2`; null where the file system names none. */
  readonly device: string | null
  /** Model of the disk; null where it names none, as in most virtual machines. */
  readonly model: string | null
  /** Reason for each fact that is null. */
  readonly missing: { readonly [Fact in 'fileSystem' | 'device' | 'model']?: string }
}

/** Time that storage took to make a write durable, at the beginning of a session. */
export interface SyncTime {
  /**
   * What was timed, one after the other. `fdatasync`: of a block of 8 KiB that was written again
   * and again to a file of copylab's own, on the file system of the server's data. `commit`: in the
   * server, of a transaction with one small row, until its WAL was flushed there; standbys are not
   * waited for.
   */
  readonly of: 'fdatasync' | 'commit'
  /** Number of times. */
  readonly count: number
  readonly medianMs: number
  /** 99th percentile: the smallest of the times that 99 % of them do not exceed. */
  readonly p99Ms: number
}

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
  /** The host of the server; null in a session that was written before it was read. */
  readonly machine: MachineFacts | null
  /** Where its data are; null in a session that was written before it was read. */
  readonly storage: StorageFacts | null
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
  /**
   * What the server says of the settings of each named set that the whole server takes, by level:
   * every trial follows a start of the server with those of its level. Null for a study without
   * such, and in a session that was written before there could be.
   */
  readonly serverLevels: { readonly [level: string]: Readonly<Record<string, string>> } | null
  /** Those of the client: the cores are those that this process may use. */
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number }
  /** The machine of the client; null in a session that was written before it was read. */
  readonly machine: MachineFacts | null
  /** Time of a sync of the server's storage; null where it was not measured. */
  readonly syncTime: SyncTime | null
  /**
   * Reason why `syncTime` is null; null where it is not, and in a session that was written before
   * it was measured.
   */
  readonly syncMissing: string | null
  readonly os: { readonly platform: string; readonly release: string; readonly arch: string }
  readonly node: string
  /** Version of copylab and of the libraries on the measured path. */
  readonly packages: Record<string, string>
  /** The project's commit, and whether its files differ from it; null outside a git checkout. */
  readonly git: { readonly commit: string; readonly dirty: boolean } | null
  /** Findings about validity at the beginning of the session. */
  readonly findings: readonly Finding[]
}

/**
 * Describes where a server keeps its data: "ext4 on nvme0n1p2 (Samsung SSD 980), its root file
 * system".
 */
export function storageWords({ fileSystem, mount, device, model, missing }: StorageFacts): string {
  if (fileSystem === null) return `not known: ${missing.fileSystem}`
  const on =
    device === null
      ? `on a device that is not known (${missing.device})`
      : `on ${device}${model === null ? '' : ` (${model})`}`
  return `${fileSystem} ${on}, ${mount === 'root' ? 'its root file system' : 'a file system of its own'}`
}

/** Describes the processors of a machine: "1 socket, 8 cores, 2 threads per core". */
export function coresWords({ topology, missing }: Pick<MachineFacts, 'topology' | 'missing'>): string {
  if (topology === null) return `not known: ${missing.topology}`
  const { sockets, cores, threadsPerCore } = topology
  return `${counted(sockets, 'socket')}, ${counted(cores, 'core')}, ${counted(threadsPerCore, 'thread')} per core`
}

/**
 * Describes the time of a sync: "fdatasync of 8 KiB: median 0.41 ms, 99th percentile 1.9 ms, of
 * 200".
 */
export function syncWords({ of, count, medianMs, p99Ms }: SyncTime): string {
  const what = of === 'fdatasync' ? 'fdatasync of 8 KiB' : 'commit of one small row, in the server'
  const [median, p99] = [medianMs, p99Ms].map((ms) => `${Number(ms.toPrecision(3))} ms`)
  return `${what}: median ${median}, 99th percentile ${p99}, of ${count}`
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`
