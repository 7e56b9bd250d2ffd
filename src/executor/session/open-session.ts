import type { Context } from '../../study/context.js'
import type { Finding } from '../../study/finding.js'
import type { Treatment } from '../../study/treatment.js'
import type { Trial } from '../../study/trial.js'
import { readSyncTime } from '../probes/machine/sync-time.js'
import { observerFindings } from '../probes/observers.js'
import { executeTrial, type TrialTask } from '../trial/trial.js'
import { type SessionSetup, withSession } from './session.js'

/** What a session finds out about itself before its trials. */
export interface SessionFacts
  extends Pick<Context, 'syncTime' | 'syncMissing' | 'existingChecksum' | 'existingRestore'> {
  readonly findings: readonly Finding[]
}

/** A session that is open, in this process or in another. */
export interface OpenSession {
  facts(): Promise<SessionFacts>
  /** Runs the next trial, which no other overlaps. */
  run(task: TrialTask): Promise<Trial>
}

/** Opens a session while `task` runs, as `withSession` does. */
export type OpenSessions = <T>(
  setup: SessionSetup,
  treatments: readonly Treatment[],
  task: (session: OpenSession) => Promise<T>,
) => Promise<T>

/** Opens a session whose workers are of this process. */
export const withOpenSession: OpenSessions = (setup, treatments, task) =>
  withSession(setup, treatments, (session) => {
    const { existingChecksum, keptTables, observers } = session
    return task({
      facts: async () => ({
        ...(await readSyncTime(session)),
        existingChecksum,
        existingRestore: existingChecksum === null ? null : keptTables === null ? 'rows' : 'database',
        findings: observerFindings(observers),
      }),
      run: (trial) => executeTrial(session, trial),
    })
  })
