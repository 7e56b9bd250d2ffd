import type { WaitEvent } from '../readings.js'

/** What a backend waits for, by the wait event that the server names. */
export type WaitActivity = 'extension' | 'wal' | 'buffer' | 'locks' | 'io' | 'other' | 'client'

/** A row of the table of wait events. */
export interface WaitEventRow {
  /**
   * The event as `type:name`, spelled as PostgreSQL 17 and newer do; a star at its end stands for
   * every other name that begins so. The first row that fits an event is its own.
   */
  readonly event: string
  readonly activity: WaitActivity
  /** Whether the backend waits until another one lets go of a lock, heavy, light or of a buffer. */
  readonly contention: boolean
  /**
   * The first version that has the event.
   * @default 14
   */
  readonly from?: number
  /** The last version that has the event; absent where the newest has it. */
  readonly to?: number
  /** The names, without the type, that PostgreSQL 17 spells otherwise than 14 to 16 do. */
  readonly before17?: Readonly<Record<string, string>>
}

/**
 * What the wait events of PostgreSQL 14 to 19 are, by their own descriptions: monitoring.sgml,
 * tables of wait events, and from 17 on the view `pg_wait_events`. A lock on a buffer's content was
 * an LWLock up to 18 and is of the type `Buffer` from 19 on, in one event for each of its modes; a
 * pin, for which only a cleanup waits, is no lock in either. The rows of 19 were read and seen on
 * its release candidate 1.
 */
export const waitEventRows: readonly WaitEventRow[] = [
  { event: 'Lock:extend', activity: 'extension', contention: true },
  { event: 'Lock:*', activity: 'locks', contention: true },
  { event: 'LWLock:BufferContent', activity: 'buffer', contention: true, to: 18 },
  { event: 'LWLock:BufferMapping', activity: 'buffer', contention: true },
  { event: 'LWLock:WAL*', activity: 'wal', contention: true },
  { event: 'LWLock:*', activity: 'locks', contention: true },
  { event: 'Buffer:BufferShared', activity: 'buffer', contention: true, from: 19 },
  { event: 'Buffer:BufferShareExclusive', activity: 'buffer', contention: true, from: 19 },
  { event: 'Buffer:BufferExclusive', activity: 'buffer', contention: true, from: 19 },
  { event: 'Buffer:BufferCleanup', activity: 'buffer', contention: false, from: 19 },
  { event: 'BufferPin:BufferPin', activity: 'buffer', contention: false, to: 18 },
  { event: 'IPC:BufferIo', activity: 'buffer', contention: false, before17: { BufferIO: 'BufferIo' } },
  { event: 'IPC:SyncRep', activity: 'wal', contention: false },
  {
    event: 'IPC:*',
    activity: 'other',
    contention: false,
    before17: {
      BgWorkerShutdown: 'BgworkerShutdown',
      BgWorkerStartup: 'BgworkerStartup',
      ProcArrayGroupUpdate: 'ProcarrayGroupUpdate',
    },
  },
  { event: 'IO:DataFileExtend', activity: 'extension', contention: false },
  {
    event: 'IO:Wal*',
    activity: 'wal',
    contention: false,
    before17: {
      WALBootstrapSync: 'WalBootstrapSync',
      WALBootstrapWrite: 'WalBootstrapWrite',
      WALCopyRead: 'WalCopyRead',
      WALCopySync: 'WalCopySync',
      WALCopyWrite: 'WalCopyWrite',
      WALInitSync: 'WalInitSync',
      WALInitWrite: 'WalInitWrite',
      WALRead: 'WalRead',
      WALSenderTimelineHistoryRead: 'WalsenderTimelineHistoryRead',
      WALSync: 'WalSync',
      WALSyncMethodAssign: 'WalSyncMethodAssign',
      WALWrite: 'WalWrite',
    },
  },
  // COPY from a file or a program of the server; what the client sends is `Client:ClientRead`.
  { event: 'IO:CopyFromRead', activity: 'io', contention: false, from: 19 },
  {
    event: 'IO:*',
    activity: 'io',
    contention: false,
    before17: {
      BaseBackupRead: 'BasebackupRead',
      BaseBackupSync: 'BasebackupSync',
      BaseBackupWrite: 'BasebackupWrite',
      BufFileRead: 'BuffileRead',
      BufFileTruncate: 'BuffileTruncate',
      BufFileWrite: 'BuffileWrite',
      DSMAllocate: 'DsmAllocate',
      DSMFillZeroWrite: 'DsmFillZeroWrite',
      LockFileAddToDataDirRead: 'LockFileAddtodatadirRead',
      LockFileAddToDataDirSync: 'LockFileAddtodatadirSync',
      LockFileAddToDataDirWrite: 'LockFileAddtodatadirWrite',
      LockFileReCheckDataDirRead: 'LockFileRecheckdatadirRead',
      SLRUFlushSync: 'SlruFlushSync',
      SLRURead: 'SlruRead',
      SLRUSync: 'SlruSync',
      SLRUWrite: 'SlruWrite',
    },
  },
  { event: 'Timeout:CommitDelay', activity: 'wal', contention: false, from: 19 },
  { event: 'Timeout:*', activity: 'other', contention: false },
  {
    event: 'Client:*',
    activity: 'client',
    contention: false,
    before17: {
      GSSOpenServer: 'GssOpenServer',
      LibPQWalReceiverConnect: 'LibpqwalreceiverConnect',
      LibPQWalReceiverReceive: 'LibpqwalreceiverReceive',
      SSLOpenServer: 'SslOpenServer',
      WalSenderWaitForWAL: 'WalSenderWaitForWal',
    },
  },
  {
    event: 'Activity:*',
    activity: 'other',
    contention: false,
    before17: {
      AutoVacuumMain: 'AutovacuumMain',
      BgWriterHibernate: 'BgwriterHibernate',
      BgWriterMain: 'BgwriterMain',
      SysLoggerMain: 'SysloggerMain',
    },
  },
]

/** What an event is that no row fits: one of an extension, or of a type that is not known yet. */
const unknownEvent: WaitEventRow = { event: '*', activity: 'other', contention: false }

const renamed: ReadonlyMap<string, string> = new Map(
  waitEventRows.flatMap(({ event, before17 = {} }) => {
    const type = event.slice(0, event.indexOf(':'))
    return Object.entries(before17).map(([then, now]): [string, string] => [`${type}:${then}`, `${type}:${now}`])
  }),
)

/** Returns the name of a wait event as PostgreSQL 17 and newer spell it. */
export function unifiedEvent(event: WaitEvent): WaitEvent {
  const [, onCpu = '', name = event] = /^(cpu\/)(.*)$/.exec(event) ?? []
  return `${onCpu}${renamed.get(name) ?? name}`
}

/**
 * Returns the row of a wait event, `type:name` as PostgreSQL 17 and newer spell it. The server's
 * version is not asked, since no name means one thing in one version and another in the next.
 */
export function waitEventRow(event: WaitEvent): WaitEventRow {
  return waitEventRows.find((row) => fits(row, event)) ?? unknownEvent
}

const fits = ({ event }: WaitEventRow, name: WaitEvent): boolean =>
  event.endsWith('*') ? name.startsWith(event.slice(0, -1)) : name === event
