import type { Plan } from '../plan.js'
import { completeTreatment } from '../treatment.js'
import type { Trial } from '../trial.js'

/**
 * A plan as a journal of format 2 or 3 may hold it: what came later than the journal is not there.
 */
type StoredPlan = Omit<Plan, 'leftOut' | 'meanings' | 'table' | 'registration'> &
  Partial<Pick<Plan, 'leftOut' | 'meanings' | 'table' | 'registration'>>

/**
 * The plan that a journal's line holds: fields and factors that came later than the journal are at
 * their defaults.
 */
export function completePlan(stored: StoredPlan): Plan {
  const { controls, registration = null } = stored
  const { aa, slowdown } = controls
  return {
    ...stored,
    treatments: stored.treatments.map(completeTreatment),
    leftOut: (stored.leftOut ?? []).map((left) => ({
      ...left,
      treatment: completeTreatment(left.treatment),
      sameAs: completeTreatment(left.sameAs),
    })),
    meanings: stored.meanings ?? {},
    controls: {
      aa: aa && completeTreatment(aa),
      slowdown: slowdown && { ...slowdown, treatment: completeTreatment(slowdown.treatment) },
    },
    table: stored.table ?? null,
    registration: registration && {
      ...registration,
      primary: {
        ...registration.primary,
        a: completeTreatment(registration.primary.a),
        b: completeTreatment(registration.primary.b),
      },
      claims: registration.claims ?? null,
    },
  }
}

/** Why readings are null that came later than the journal. */
const unwatched = 'it was not watched for when the trial ran'

/**
 * Why `hostOthers` is null in a trial that ran before it was read; what bounds it from above may be
 * there.
 */
export const othersUnread = 'it was not read when the trial ran'

/**
 * The trial that a journal's line holds, with the factors and the readings that came later than the
 * journal.
 */
export function completeTrial<T extends Trial>(stored: T): T {
  const trial = { ...stored, treatment: completeTreatment(stored.treatment) }
  if (trial.state === 'failed') return trial
  const watched = trial.interruptions !== undefined
  const read = trial.hostOthers !== undefined
  return {
    ...trial,
    ...(watched ? {} : { interruptions: null, blockers: null }),
    ...(read ? {} : { hostOthers: null }),
    missing: {
      ...trial.missing,
      ...(watched ? {} : { interruptions: unwatched, blockers: unwatched }),
      ...(read ? {} : { hostOthers: othersUnread }),
    },
  }
}
