import { monotonicMs } from '../../clock.js'
import { readOwn } from '../../probes/own-system.js'
import { bytesOf, cpuMsOfStat, cpuMsWithChildrenOfStat } from '../../probes/proc.js'
import { groupState, processIds } from './run-processes.js'

/** What the processes of a group used by a point in time. */
export interface GroupSample {
  /** Time since the start of the program. */
  readonly atMs: number
  /** Sum of their resident sets: memory that several of them share counts for each. */
  readonly rssBytes: number
  /** CPU time (user + system) so far, of them and of children that they have waited for. */
  readonly cpuMs: number
}

const pauseMs = 100
/** Share of a core that samples may take: each reads a file of every process of the machine. */
const maxShare = 0.02

/**
 * Samples the processes of a group about every 100 ms until the function that it returns is called;
 * that gives the samples, null where there is no `/proc`.
 */
export function sampleGroup(group: number, startedAt: number): () => GroupSample[] | null {
  if (readOwn('/proc/self/stat') === '') return () => null
  const samples: GroupSample[] = []
  let timer: NodeJS.Timeout
  const takeSample = (): void => {
    const atMs = monotonicMs() - startedAt
    const before = process.cpuUsage()
    const used = usedBy(group)
    // What a process used that nobody waited for is not in any sum once it has ended.
    const cpuMs = Math.max(used?.cpuMs ?? 0, samples.at(-1)?.cpuMs ?? 0)
    if (used !== null) samples.push({ atMs, rssBytes: used.rssBytes, cpuMs })
    const { user, system } = process.cpuUsage(before)
    timer = setTimeout(takeSample, Math.max(pauseMs, (user + system) / 1000 / maxShare))
  }
  takeSample()
  return () => {
    clearTimeout(timer)
    return samples
  }
}

/** Says why a group without a peak of its memory has none. */
export function whyNoPeak(samples: readonly GroupSample[] | null): string {
  return samples === null ? 'the system has no /proc' : 'the program ended before its first sample was taken'
}

/**
 * CPU time (user + system) that the processes of a group have used since they were started, and
 * their children that have ended, as `/proc/<pid>/stat` tells it: to 10 ms; null where there is no
 * `/proc`, and where the group is gone.
 */
export function cpuMsOfGroup(group: number): number | null {
  if (readOwn('/proc/self/stat') === '') return null
  // One that has just ended still has its time, until somebody waits for it.
  const times = membersOf(group).flatMap(({ stat }) => cpuMsWithChildrenOfStat(stat) ?? [])
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms)
}

/** The processes of a group, those included that have ended and nobody has waited for. */
function membersOf(group: number): { readonly pid: number; readonly stat: string; readonly alive: boolean }[] {
  return processIds().flatMap((pid) => {
    const stat = readOwn(`/proc/${pid}/stat`)
    const state = groupState(stat)
    return state?.group === group ? [{ pid, stat, alive: state.alive }] : []
  })
}

/** What the live processes of a group use; null without one. */
function usedBy(group: number): Omit<GroupSample, 'atMs'> | null {
  const members = membersOf(group)
    .filter(({ alive }) => alive)
    .map(({ pid, stat }) => ({
      rssBytes: bytesOf(readOwn(`/proc/${pid}/status`), 'VmRSS') ?? 0,
      cpuMs: cpuMsWithChildrenOfStat(stat) ?? 0,
    }))
  return members.length === 0
    ? null
    : members.reduce((sum, { rssBytes, cpuMs }) => ({
        rssBytes: sum.rssBytes + rssBytes,
        cpuMs: sum.cpuMs + cpuMs,
      }))
}

/**
 * CPU time (user + system) of the children that this process has waited for, and of theirs, from
 * `/proc/self/stat` (proc(5), fields 16 and 17): to 10 ms; null where there is none.
 */
export function cpuMsOfEndedChildren(): number | null {
  const stat = readOwn('/proc/self/stat')
  const [all, own] = [cpuMsWithChildrenOfStat(stat), cpuMsOfStat(stat)]
  return all === null || own === null ? null : all - own
}
