import type { ServerSeries } from '../../study/readings.js'
import { cpuOfBackend } from './backends.js'
import { bytesOf, hostCpuOf } from './proc.js'
import type { ObserverRow } from './sampling/observer.js'

/** Files of each backend in `ObserverRow.backends`. */
const filesPerBackend = 3
/** Maximum number of rows of a series; of longer trials every second, fourth, … row is kept. */
const maxRows = 500

/** Proportional set sizes that were seen, one list per backend. */
export function pssSeen(rows: readonly ObserverRow[], workers: number): number[][] {
  return Array.from({ length: workers }, (_, worker) =>
    rows.flatMap(({ backends }) => pssOf(backends?.[worker * filesPerBackend + 2] ?? null) ?? []),
  )
}

/**
 * The samples as columns over time, `at` of the rows in milliseconds since the clock started: those
 * with a reading of `/proc`, or, where it cannot be read, those at which a number of connections
 * changed, the first and the last.
 */
export function serverSeries(rows: readonly ObserverRow[], workers: number): ServerSeries {
  const withProc = rows.filter(({ host, backends }) => host !== null && backends !== null)
  const kept = thinned(withProc.length > 0 ? withProc : changes(rows))
  const cpu = kept.map(({ backends }) => backends && totalOf(backends, workers, cpuOf))
  const hosts = withProc.length > 0 ? kept.map(({ host }) => hostCpuOf(host!)) : []
  return {
    atMs: kept.map(({ at }) => at),
    connections: kept.map(({ connections }) => connections),
    workerConnections: kept.map(({ workers: connected }) => connected),
    ownConnections: kept.map(({ own }) => own),
    backendCpuMs: withProc.length > 0 ? cpu.map((total) => total! - cpu[0]!) : [],
    backendPssBytes:
      withProc.length > 0
        ? kept.map(({ backends }) => totalOf(backends!, workers, (_, __, pss) => pssOf(pss) ?? 0))
        : [],
    hostBusy: hosts.map((host, k) => {
      const before = hosts[k - 1]
      const totalMs = host && before ? host.totalMs - before.totalMs : 0
      return host && before && totalMs > 0 ? (host.busyMs - before.busyMs) / totalMs : 0
    }),
  }
}

function changes(rows: readonly ObserverRow[]): ObserverRow[] {
  const counts = ({ connections, workers, own }: ObserverRow): string => [connections, workers, own].join()
  return rows.filter((row, k) => k === 0 || k === rows.length - 1 || counts(row) !== counts(rows[k - 1]!))
}

function thinned(rows: readonly ObserverRow[]): readonly ObserverRow[] {
  let step = 1
  while (rows.length / step > maxRows) step *= 2
  return rows.filter((_, k) => k % step === 0)
}

type File = string | null

function totalOf(
  files: readonly File[],
  workers: number,
  value: (schedstat: File, stat: File, pss: File) => number,
): number {
  let total = 0
  for (let k = 0; k < workers; k++) {
    const [schedstat = null, stat = null, pss = null] = files.slice(k * filesPerBackend, (k + 1) * filesPerBackend)
    total += value(schedstat, stat, pss)
  }
  return total
}

const cpuOf = (schedstat: File, stat: File): number => cpuOfBackend(schedstat ?? '', stat ?? '').cpuMs ?? 0

function pssOf(text: File): number | null {
  return text === null ? null : bytesOf(text, 'Pss')
}
