import type { Context } from '../context.js'
import { withTreatments } from '../controls.js'
import type { Controls, Plan } from '../plan.js'
import { completeTreatment, sameTreatment } from '../treatment.js'
import type { Trial } from '../trial.js'

/**
 * A plan as a journal of format 2 or 3 may hold it: without fields introduced after the journal was
 * written.
 */
type StoredPlan = Omit<Plan, LaterField | 'controls'> &
  Partial<Pick<Plan, LaterField>> & { readonly controls: Pick<Controls, 'aa' | 'slowdown'> & Partial<Controls> }

/** Fields introduced after format 2. */
type LaterField = 'blocksPerSession' | 'leftOut' | 'meanings' | 'table' | 'definition' | 'preregistration'

/**
 * Completes the plan of a journal's line: fields and factors introduced after the journal was
 * written get their defaults.
 */
export function completePlan(stored: StoredPlan): Plan {
  const { controls, preregistration = null } = stored
  return {
    ...stored,
    treatments: stored.treatments.map(completeTreatment),
    leftOut: (stored.leftOut ?? []).map((left) => ({
      ...left,
      treatment: completeTreatment(left.treatment),
      sameAs: completeTreatment(left.sameAs),
    })),
    blocksPerSession: stored.blocksPerSession ?? null,
    meanings: stored.meanings ?? {},
    controls: withTreatments({ work: null, unprobed: null, ...controls }, completeTreatment),
    table: stored.table ?? null,
    definition: stored.definition ?? null,
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
 * Renames the fields of a journal's line to their present names: a plan's `preregistration` was its
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

/**
 * Completes the context of a journal's line: facts are null where the session was written before
 * they were kept.
 */
export function completeContext(stored: Context): Context {
  const { input, server, existingChecksum = null, existingRestore = null, cluster = null, serverLevels = null } = stored
  const { machine = null, syncTime = null, syncMissing = null } = stored
  return {
    ...stored,
    existingChecksum,
    existingRestore,
    serverLevels,
    cluster,
    machine,
    syncTime,
    syncMissing,
    server: { ...server, machine: server.machine ?? null, storage: server.storage ?? null },
    input: { ...input, contents: input.contents ?? null },
  }
}

/** Reason for null readings that were introduced after the journal was written. */
const unwatched = 'it was not watched for when the trial ran'

/**
 * Reason for null readings that did not exist when the trial ran: `hostOthers`, of which an upper
 * bound may be known, and the numbers of records and pages in WAL.
 */
export const othersUnread = 'it was not read when the trial ran'

/**
 * Completes the trial of a journal's line: adds the readings introduced after the journal was
 * written. Its treatment is the plan's own, where the plan has an equal one: one object
 * for all its trials.
 */
export function completeTrial<T extends Trial>(stored: T, { treatments }: Pick<Plan, 'treatments'>): T {
  const { treatment } = stored
  const same = treatments.find((own) => sameTreatment(own, treatment)) ?? treatment
  if (stored.state === 'failed') return { ...stored, treatment: same }
  const watched = stored.interruptions !== undefined
  const read = stored.hostOthers !== undefined
  const counted = stored.walRecords !== undefined
  return {
    ...stored,
    treatment: same,
    ...(watched ? {} : { interruptions: null, blockers: null }),
    ...(read ? {} : { hostOthers: null }),
    ...(counted ? {} : { walRecords: null, walFullPages: null }),
    missing: {
      ...stored.missing,
      ...(watched ? {} : { interruptions: unwatched, blockers: unwatched }),
      ...(read ? {} : { hostOthers: othersUnread }),
      ...(counted ? {} : { walRecords: othersUnread, walFullPages: othersUnread }),
    },
  }
}
