import { sessionAt } from '../../../study/blocks/sessions.js'
import type { Study } from '../../../study/study.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { mean } from '../../statistics/numerics/moments.js'
import { missingReason } from '../../tables/missing.js'
import { sharesHost } from '../../validity/disturbed/busy-host.js'

/** CPU time of the server's host in one trial, in milliseconds summed over its cores. */
export interface HostUse {
  /** Number of cores, as the host's operating system counts them. */
  readonly cores: number
  /** Time for which cores were busy, with whatever, while the clock ran. */
  readonly busyMs: number
  /** Part of it that is the client's; null where the client is on another host, or not read. */
  readonly clientMs: number | null
  /** Part of it that is the workers' backends'; null where it was not read. */
  readonly backendsMs: number | null
}

/** Returns the mean of several trials; a part that is not known in one of them is not known. */
export function meanUse(uses: readonly HostUse[]): HostUse {
  const over = (read: (use: HostUse) => number | null): number | null => {
    const values = uses.flatMap((use) => read(use) ?? [])
    return values.length === uses.length ? mean(values) : null
  }
  return {
    cores: uses[0]!.cores,
    busyMs: mean(uses.map(({ busyMs }) => busyMs)),
    clientMs: over(({ clientMs }) => clientMs),
    backendsMs: over(({ backendsMs }) => backendsMs),
  }
}

/**
 * Returns the CPU time of the server's host in a trial: the share of its CPU time that was in use
 * (`hostBusy`) × its cores × the trial's time. Returns the reason, in words, where it is not known.
 */
export function hostUse(study: Study, trial: CompletedTrial): HostUse | string {
  const { hostBusy, totalMs, clientCpuMs, backendCpuMs } = trial
  if (hostBusy === null) {
    return `the CPU use of the server's host was not read: ${missingReason(trial, 'hostBusy') ?? 'no reason was given'}`
  }
  if (!(hostBusy > 0)) return `the server's host was found idle in trial ${trial.trial}`
  const context = study.contexts[sessionAt(study, trial.startedAt)]
  const shared = context !== undefined && sharesHost(context)
  const topology = context?.server.machine?.topology ?? null
  const cores = topology ? topology.cores * topology.threadsPerCore : shared ? context.hardware.cores : null
  if (cores === null) return "the number of cores of the server's host is not known"
  return { cores, busyMs: hostBusy * cores * totalMs, clientMs: shared ? clientCpuMs : null, backendsMs: backendCpuMs }
}
