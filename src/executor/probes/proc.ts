/**
 * Parsers of Linux's `/proc` files, as `pg_read_file` returns them. Each returns null for a text
 * that it cannot parse.
 */

/**
 * Clock ticks per second in `/proc` (USER_HZ): 100 on every architecture that PostgreSQL runs on
 * today.
 */
const ticksPerSecond = 100
const tickMs = 1000 / ticksPerSecond

/**
 * CPU time (user + system) of a process in milliseconds, from `/proc/<pid>/stat` (proc(5), fields
 * 14 and 15): to 10 ms.
 */
export function cpuMsOfStat(stat: string): number | null {
  // The name in parentheses may hold anything; the third field follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks * tickMs : null
}

/**
 * CPU time of a process in milliseconds, as `cpuMsOfStat`, plus that of the ended children that it
 * has waited for (fields 16 and 17).
 */
export function cpuMsWithChildrenOfStat(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0)
  return Number.isFinite(ticks) ? ticks * tickMs : null
}

/**
 * Time on a core and time runnable without one, in milliseconds, from `/proc/<pid>/schedstat`
 * (Documentation/scheduler/sched-stats): to the nanosecond.
 */
export function scheduleOf(schedstat: string): { readonly cpuMs: number; readonly queueMs: number } | null {
  const [ran, waited] = schedstat.trim().split(/\s+/).map(Number)
  // Kernels without schedule statistics have a file of zeros.
  return ran && waited !== undefined && Number.isFinite(ran + waited)
    ? { cpuMs: ran / 1e6, queueMs: waited / 1e6 }
    : null
}

/** The value of a line such as `VmHWM:   13604 kB`, in bytes. */
export function bytesOf(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)
  return found ? Number(found[1]) * 1024 : null
}

/** CPU time of the host since it started, in milliseconds over all cores. */
export interface HostCpu {
  readonly totalMs: number
  /** Neither idle nor waiting for I/O. */
  readonly busyMs: number
  /** Taken by other virtual machines. */
  readonly stealMs: number
}

/**
 * The first line of `/proc/stat`: user nice system idle iowait irq softirq steal (guest time is
 * part of user time).
 */
export function hostCpuOf(stat: string): HostCpu | null {
  const line = /^cpu\s+([\d ]+)$/m.exec(stat)?.[1]
  if (line === undefined) return null
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/ +/)
    .map((ticks) => Number(ticks) * tickMs)
  const busyMs = user + nice + system + irq + softirq
  return { totalMs: busyMs + idle + iowait + steal, busyMs, stealMs: steal }
}

/** Returns the number of cores that `/proc/stat` lists. */
export function coresOfStat(stat: string): number {
  return (stat.match(/^cpu\d+ /gm) ?? []).length
}

/** Pages swapped in and out since the host started, from `/proc/vmstat`. */
export function swapPagesOf(vmstat: string): number | null {
  const count = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(vmstat)?.[1])
  const pages = count('pswpin') + count('pswpout')
  return Number.isFinite(pages) ? pages : null
}

/**
 * Time in which some process waited for the resource, in milliseconds since the host started, from
 * `/proc/pressure/<resource>`.
 */
export function pressureMsOf(pressure: string): number | null {
  const found = /^some .* total=(\d+)$/m.exec(pressure)
  return found ? Number(found[1]) / 1000 : null
}
