import type { Plan } from '../plan.js'
import { completeTreatment } from '../treatment.js'
import type { Trial } from '../trial.js'

/**
 * A plan as a journal of format 2 or 3 may hold it: what came later than the journal is not there.
 */
type StoredPlan = Omit<Plan, 'leftOut' | 'meanings' | 'table' | 'preregistration'> &
  Partial<Pick<Plan, 'leftOut' | 'meanings' | 'table' | 'preregistration'>>

/**
 * The plan that a journal's line holds: fields and factors that came later than the journal are at
 * their defaults.
 */
export function completePlan(stored: StoredPlan): Plan {
  const { controls, preregistration = null } = stored
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
    preregistration: preregistration && {
      ...preregistration,
      primary: {
        ...preregistration.primary,
        a: completeTreatment(preregistration.primary.a),
        b: completeTreatment(preregistration.primary.b),
      },
      claims: preregistration.claims ?? null,
    },
  }
}

/**
 * What a journal's line holds, by the names that are used now: a plan's `preregistration` was its
 * `registration`, and samples of the server were `looks`.
 */
export function presentNames(content: object): object {
  const { plan, trial } = content as { readonly plan?: object; readonly trial?: { readonly waits?: unknown } }
  if (isObject(plan)) return { ...content, plan: renamed(plan, 'registration', 'preregistration') }
  if (!isObject(trial)) return content
  const named = renamed(trial, 'autovacuumLooks', 'autovacuumSamples')
  const { waits } = trial
  return { ...content, trial: isObject(waits) ? { ...named, waits: renamed(waits, 'looks', 'samples') } : named }
}

function renamed(value: object, earlier: string, present: string): object {
  if (!Object.hasOwn(value, earlier) || Object.hasOwn(value, present)) return value
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name === earlier ? present : name, own]))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
