import type { Random } from '#copylab/analysis/statistics/numerics/random.js'
import type { Moment, Passed, Relay, Role } from './relay.js'
import { placesOfStudy, type TriedStudy } from './tried-study.js'

/** A moment drawn before it is known how much of its study is still to run. */
export interface DrawnMoment extends Pick<Moment, 'role' | 'counted'> {
  /** Before the first trial, or in the trials. */
  readonly part: 'before' | 'trials'
  /** Share of what is expected to pass in that part, from 0 to 1. */
  readonly share: number
}

/** What passes over the connections of each role. */
type PassedByRole = { readonly [role in Role]: Passed }

/** What passes in a study that nothing happens to. */
export interface Expected {
  /** Before its first trial. */
  readonly before: PassedByRole
  /** In one trial, on average. */
  readonly trial: PassedByRole
}

const roles: readonly Role[] = ['worker', 'control', 'observer', 'other']

/** Draws a moment; one of eight lies before the first trial. */
export function drawMoment(random: Random): DrawnMoment {
  const part = random.uniform() < 0.12 ? 'before' : 'trials'
  const drawn = random.uniform()
  const role = part === 'before' || drawn >= 0.7 ? 'control' : drawn < 0.6 ? 'worker' : 'observer'
  return { part, role, counted: role === 'worker' ? 'bytes' : 'sendings', share: random.uniform() }
}

/** The moment in a call that has so many places to run. */
export function momentIn({ role, counted, part, share }: DrawnMoment, expected: Expected, places: number): Moment {
  const before = expected.before[role][counted]
  const after = part === 'before' ? share * before : before + share * places * expected.trial[role][counted]
  return { role, counted, after: Math.floor(after) }
}

/** Runs a study that nothing happens to, and tells what passes. */
export async function expectedOf(relay: Relay, study: TriedStudy): Promise<Expected> {
  const passed = (): PassedByRole =>
    Object.fromEntries(roles.map((role) => [role, relay.passed(role)])) as { [role in Role]: Passed }
  let before: PassedByRole | null = null
  // The first that a worker sends belongs to the first trial.
  relay.at({ role: 'worker', counted: 'connections', after: 0 }, () => {
    before = passed()
  })
  await study.finish()
  const whole = passed()
  const begin: PassedByRole = before ?? whole
  const perTrial = (role: Role, counted: keyof Passed): number =>
    (whole[role][counted] - begin[role][counted]) / placesOfStudy
  const trial = Object.fromEntries(
    roles.map((role) => [
      role,
      {
        bytes: perTrial(role, 'bytes'),
        sendings: perTrial(role, 'sendings'),
        connections: perTrial(role, 'connections'),
      },
    ]),
  ) as { [role in Role]: Passed }
  return { before: begin, trial }
}
