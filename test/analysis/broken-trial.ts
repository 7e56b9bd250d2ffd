import type { CompletedTrial, Trial } from '../../src/study/trial.js'

/** A copy of a trial as if it had failed. */
export function broken({ treatment, trial, block, position, phase, control, startedAt }: CompletedTrial): Trial {
  return {
    trial,
    block,
    position,
    phase,
    control,
    treatment,
    state: 'failed',
    startedAt,
    error: { name: 'CopyError', message: 'disk full', sqlState: '53100', worker: 0, batch: 3, firstRecord: 30_000 },
  }
}
