import type pg from 'pg'
import type { WorkerReading } from '../../study/readings.js'
import type { Measurements } from '../../study/trial.js'
import { bytesOf, cpuMsOfStat, type HostCpu, hostCpuOf, pressureMsOf, scheduleOf, swapPagesOf } from './proc.js'

/** Measurements of a trial from `/proc` of the server's host. */
export type HostMeasurements = Pick<
  Measurements,
  | 'hostBusy'
  | 'hostSteal'
  | 'hostAvailableBytes'
  | 'hostSwapPages'
  | 'cpuPressureMs'
  | 'ioPressureMs'
  | 'memoryPressureMs'
>

/** Readings of one worker's backend from `/proc`. */
export type BackendReading = Pick<
  WorkerReading,
  'backendCpuMs' | 'backendQueueMs' | 'backendRssPeakBytes' | 'backendPssPeakBytes'
>

export const unreadBackend: BackendReading = {
  backendCpuMs: null,
  backendQueueMs: null,
  backendRssPeakBytes: null,
  backendPssPeakBytes: null,
}

export const unreadHost: HostMeasurements = {
  hostBusy: null,
  hostSteal: null,
  hostAvailableBytes: null,
  hostSwapPages: null,
  cpuPressureMs: null,
  ioPressureMs: null,
  memoryPressureMs: null,
}

/** The server's host and some backends at one moment. */
export interface ProcSnapshot {
  readonly cpu: HostCpu | null
  readonly availableBytes: number | null
  readonly swapPages: number | null
  readonly pressureMs: { readonly cpu: number | null; readonly io: number | null; readonly memory: number | null }
  readonly backends: readonly BackendSnapshot[]
}

interface BackendSnapshot {
  readonly cpuMs: number | null
  readonly queueMs: number | null
  readonly rssPeakBytes: number | null
  readonly pssBytes: number | null
}

/** Reads `/proc` on the server's host through SQL, for backends in the order of `pids`. */
export async function readProc(control: pg.Client, pids: readonly number[]): Promise<ProcSnapshot> {
  const paths = [
    '/proc/stat',
    '/proc/meminfo',
    '/proc/vmstat',
    '/proc/pressure/cpu',
    '/proc/pressure/io',
    '/proc/pressure/memory',
    ...pids.flatMap((pid) => ['schedstat', 'stat', 'status', 'smaps_rollup'].map((file) => `/proc/${pid}/${file}`)),
  ]
  const { rows } = await control.query<{ content: string | null }>(
    `SELECT pg_read_file(path, 0, 100000, true) AS content
     FROM unnest($1::text[]) WITH ORDINALITY AS file (path, place) ORDER BY place`,
    [paths],
  )
  const [stat, meminfo, vmstat, cpu, io, memory, ...files] = rows.map(({ content }) => content ?? '')
  return {
    cpu: hostCpuOf(stat!),
    availableBytes: bytesOf(meminfo!, 'MemAvailable'),
    swapPages: swapPagesOf(vmstat!),
    pressureMs: { cpu: pressureMsOf(cpu!), io: pressureMsOf(io!), memory: pressureMsOf(memory!) },
    backends: pids.map((_, k) => {
      const [schedstat, ownStat, status, smaps] = files.slice(k * 4, k * 4 + 4) as [string, string, string, string]
      return {
        ...cpuOfBackend(schedstat, ownStat),
        rssPeakBytes: bytesOf(status, 'VmHWM'),
        pssBytes: bytesOf(smaps, 'Pss'),
      }
    }),
  }
}

/**
 * CPU and queueing time of a backend: from its schedule statistics, else the CPU time alone, to 10
 * ms.
 */
export function cpuOfBackend(schedstat: string, stat: string): { cpuMs: number | null; queueMs: number | null } {
  const schedule = scheduleOf(schedstat)
  return schedule ?? { cpuMs: cpuMsOfStat(stat), queueMs: null }
}

/** Computes the host's measurements between two snapshots. */
export function hostBetween(before: ProcSnapshot, after: ProcSnapshot): HostMeasurements {
  const totalMs = before.cpu && after.cpu ? after.cpu.totalMs - before.cpu.totalMs : 0
  const share = (kind: 'busyMs' | 'stealMs'): number | null =>
    before.cpu && after.cpu && totalMs > 0 ? (after.cpu[kind] - before.cpu[kind]) / totalMs : null
  return {
    hostBusy: share('busyMs'),
    hostSteal: share('stealMs'),
    hostAvailableBytes: after.availableBytes,
    hostSwapPages: difference(before.swapPages, after.swapPages),
    cpuPressureMs: difference(before.pressureMs.cpu, after.pressureMs.cpu),
    ioPressureMs: difference(before.pressureMs.io, after.pressureMs.io),
    memoryPressureMs: difference(before.pressureMs.memory, after.pressureMs.memory),
  }
}

/**
 * Computes the resources that each backend used between two snapshots; `pssSeen` are the
 * proportional set sizes sampled in between, one list per backend.
 */
export function backendsBetween(
  before: ProcSnapshot,
  after: ProcSnapshot,
  pssSeen: readonly (readonly number[])[],
): BackendReading[] {
  return after.backends.map((own, k) => ({
    backendCpuMs: difference(before.backends[k]!.cpuMs, own.cpuMs),
    backendQueueMs: difference(before.backends[k]!.queueMs, own.queueMs),
    backendRssPeakBytes: own.rssPeakBytes,
    backendPssPeakBytes: own.pssBytes === null ? null : Math.max(own.pssBytes, ...(pssSeen[k] ?? [])),
  }))
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before
}
