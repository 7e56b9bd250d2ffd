import os from 'node:os'
import type pg from 'pg'
import { readOwn } from './own-system.js'
import { coresOfStat, cpuMsOfStat, cpuMsWithChildrenOfStat, hostCpuOf } from './proc.js'

/**
 * CPU time of the host of client and server since it started, over all cores, and the part of it
 * that the two used.
 */
export interface HostUse {
  readonly totalMs: number
  readonly busyMs: number
  /**
   * The client's process with all its threads, its relay, and all processes of the server, those
   * that ended included. The guardian of an embedded server sleeps.
   */
  readonly ownMs: number
}

/** `/proc/stat` has a line for each core, and after these others that are not needed. */
const statBytes = 100_000

/**
 * Reads the CPU time of the host and of client and server. The server's processes are the
 * postmaster, to which its children add their CPU time when they end, and all that the server
 * lists: backends of whomever, checkpointer, writers, autovacuum. Null where the server's own
 * processes cannot be seen.
 */
export async function readHostUse(control: pg.Client, relayPid: number | null = null): Promise<HostUse | null> {
  const { rows } = await control.query<ServerStats & { host: string }>(
    `SELECT pg_read_file('/proc/stat', 0, 400, true) AS host, server.* FROM (${serverStatsSql}) AS server`,
  )
  const { user, system } = process.cpuUsage()
  const cpu = hostCpuOf(rows[0]!.host)
  const serverMs = serverCpuMs(rows[0]!)
  if (!cpu || serverMs === null) return null
  const relayMs = relayPid === null ? 0 : (cpuMsOfStat(readOwn(`/proc/${relayPid}/stat`)) ?? 0)
  return { totalMs: cpu.totalMs, busyMs: cpu.busyMs, ownMs: serverMs + (user + system) / 1000 + relayMs }
}

/** `/proc/<pid>/stat` of the processes of a server. */
export interface ServerStats {
  readonly postmaster: string | null
  readonly children: readonly (string | null)[]
}

/** Query for the row of `ServerStats`. */
export const serverStatsSql = `SELECT pg_read_file('/proc/' || split_part(split_part(own.stat, ') ', 2), ' ', 2) || '/stat', 0, 4000, true) AS postmaster,
            ARRAY(SELECT pg_read_file('/proc/' || pid || '/stat', 0, 4000, true) FROM pg_stat_get_activity(NULL)) AS children
     FROM pg_read_file('/proc/' || pg_backend_pid() || '/stat', 0, 4000, true) AS own (stat)`

/**
 * CPU time of all processes of a server since it started, in milliseconds; null where its own
 * processes cannot be seen.
 */
export function serverCpuMs({ postmaster, children }: ServerStats): number | null {
  const postmasterMs = cpuMsWithChildrenOfStat(postmaster ?? '')
  if (postmasterMs === null) return null
  // The time of a process that has just ended is included in that of the postmaster.
  return children.reduce((sum, stat) => sum + (cpuMsOfStat(stat ?? '') ?? 0), postmasterMs)
}

/**
 * Share of the host's CPU time that others used between two readings, 0 to 1 apart from errors of
 * the readings; null when no time passed.
 */
export function othersBetween(before: HostUse, after: HostUse): number | null {
  const totalMs = after.totalMs - before.totalMs
  if (totalMs <= 0) return null
  return (after.busyMs - before.busyMs - (after.ownMs - before.ownMs)) / totalMs
}

/**
 * Returns the reason why `readHostUse` cannot separate the use by others; null where it can.
 * Requires that the server's `/proc` can be read.
 */
export async function refusalOfOthers(control: pg.Client): Promise<string | null> {
  const ownStat = readOwn('/proc/stat')
  const ownBoot = readOwn('/proc/sys/kernel/random/boot_id')
  if (ownStat === '' || ownBoot === '') return "the client's system has no /proc: only Linux has"
  const { rows } = await control.query<{ boot: string | null; stat: string }>(
    `SELECT pg_read_file('/proc/sys/kernel/random/boot_id', 0, 100, true) AS boot,
            pg_read_file('/proc/stat', 0, ${statBytes}, true) AS stat`,
  )
  const { boot, stat } = rows[0]!
  return refusalOf({
    sameHost: boot !== null && boot.trim() === ownBoot.trim(),
    ownStat,
    serverStat: stat,
    usableCores: usableCores(),
  })
}

/**
 * Returns the reason why the readings of client and server do not separate the use by others; null
 * where they do.
 */
export function refusalOf(found: {
  readonly sameHost: boolean
  readonly ownStat: string
  readonly serverStat: string
  readonly usableCores: number
}): string | null {
  if (!found.sameHost) return 'client and server run on two hosts, and each may be busy with something else'
  const [own, server] = [found.ownStat, found.serverStat].map((stat) => ({
    cores: coresOfStat(stat),
    cpu: hostCpuOf(stat),
  }))
  const apart = Math.abs((own!.cpu?.totalMs ?? 0) - (server!.cpu?.totalMs ?? 0))
  // Read a moment apart, the two agree but for that moment; a container with counts of its own
  // started them later.
  if (!own!.cpu || own!.cores !== server!.cores || apart > sameCountMs * Math.max(1, own!.cores)) {
    return 'a container between client and server counts the CPU time of its own processes alone'
  }
  if (found.usableCores < own!.cores) {
    return `the client may use ${found.usableCores} of the host's ${own!.cores} cores, and which of them others keep busy is not known`
  }
  return null
}

/** Maximum difference between two readings of one host's CPU time, for each core. */
const sameCountMs = 5_000

/** Cores that this process may use: by its affinity, and by the quota of its control group. */
function usableCores(): number {
  const [quota, period] = readOwn('/sys/fs/cgroup/cpu.max').trim().split(' ').map(Number)
  const [quota1, period1] = ['cfs_quota_us', 'cfs_period_us'].map((file) =>
    Number(readOwn(`/sys/fs/cgroup/cpu/cpu.${file}`)),
  )
  const granted =
    quota && period ? quota / period : quota1! > 0 && period1! > 0 ? quota1! / period1! : Number.POSITIVE_INFINITY
  return Math.min(os.availableParallelism(), granted)
}
