import type { Controls } from '../../study/plan.js'
import { sameTreatment } from '../../study/treatment.js'
import type { Trial } from '../../study/trial.js'

/**
 * Returns the extra work of the control `work` with each record, in microseconds: its share of the
 * CPU time of client and backends, on average over the treatment's warm-up trials of the session. 0
 * where none of them told it.
 */
export function controlWorkUs({ work }: Pick<Controls, 'work'>, ofSession: readonly Trial[]): number {
  if (work === null) return 0
  const { treatment, by } = work
  const demands = ofSession.flatMap((trial) => {
    if (trial.state === 'failed' || trial.phase !== 'warm-up' || !sameTreatment(trial.treatment, treatment)) return []
    const { clientCpuMs, records } = trial
    // Without a table there are no backends.
    const backendCpuMs = treatment.target === 'nothing' ? 0 : trial.backendCpuMs
    return clientCpuMs === null || backendCpuMs === null ? [] : [(clientCpuMs + backendCpuMs) / records]
  })
  const total = demands.reduce((sum, demand) => sum + demand, 0)
  return demands.length === 0 ? 0 : (1000 * by * total) / demands.length
}
