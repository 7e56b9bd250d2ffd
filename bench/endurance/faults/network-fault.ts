import type { Random } from '#copylab/analysis/statistics/numerics/random.js'
import type { Line, Passed, Relay, Role } from './relay.js'

/** What a network does: `…-for` ends after a time, a stall without it lasts. */
export type NetworkKind =
  | 'end'
  | 'reset'
  | 'refuse-for'
  | 'delay-for'
  | 'stall-for'
  | 'stall'
  | 'half-open-up'
  | 'half-open-down'

/** How often each kind is drawn, of 20; lasting stalls take a minute and a half each. */
const weights: { readonly [kind in NetworkKind]: number } = {
  end: 3,
  reset: 4,
  'refuse-for': 2,
  'delay-for': 2,
  'stall-for': 4,
  stall: 2,
  'half-open-up': 1.5,
  'half-open-down': 1.5,
}

/** One disturbance of the network, and when it comes. */
export interface NetworkFault {
  readonly kind: NetworkKind
  /** All connections, or that on which the moment falls. */
  readonly target: 'all' | 'line'
  /** The connections by which the moment is counted. */
  readonly role: Role
  readonly counted: keyof Passed
  /** Before the first trial, or in the trials. */
  readonly part: 'before' | 'trials'
  /** Share of what is expected to pass in that part, from 0 to 1. */
  readonly share: number
  /** How long it lasts, where it ends. */
  readonly ms: number
  /** For how long `delay-for` holds each piece back. */
  readonly delayMs: number
}

/** What passes in a study that nothing happens to, by role. */
export interface Expected {
  readonly before: { readonly [role in Role]: Passed }
  readonly trials: { readonly [role in Role]: Passed }
}

/** Draws a fault; the kinds come in turn, by their weights. */
export function drawFault(random: Random): NetworkFault {
  const kind = weighted(weights, random.uniform())
  const part = random.uniform() < 0.12 ? 'before' : 'trials'
  const role = part === 'before' ? 'control' : weighted({ worker: 6, control: 3, observer: 1 }, random.uniform())
  return {
    kind,
    target: random.uniform() < 0.5 ? 'all' : 'line',
    role,
    counted: role === 'worker' ? 'bytes' : 'sendings',
    part,
    share: random.uniform(),
    ms: Math.round(50 + 4_000 * random.uniform()),
    delayMs: Math.round(1 + 199 * random.uniform()),
  }
}

/** Number of what passes before the fault's moment, where `missing` of all places are still to run. */
export function momentOf({ role, counted, part, share }: NetworkFault, expected: Expected, missing: number): number {
  const before = expected.before[role][counted]
  const whole = part === 'before' ? share * before : before + share * missing * expected.trials[role][counted]
  return Math.floor(whole)
}

/** Makes the fault happen on the line that its moment fell on; it ends by itself, or by `heal`. */
export function strikeNetwork({ kind, target, ms, delayMs }: NetworkFault, relay: Relay, line: Line): void {
  const where = target === 'line' ? { line } : {}
  const forAWhile = (end: () => void): void => {
    setTimeout(end, ms)
  }
  const strikes: { readonly [kind in NetworkKind]: () => void } = {
    end: () => relay.end(where),
    reset: () => relay.reset(where),
    'refuse-for': () => forAWhile(relay.refuse()),
    'delay-for': () => forAWhile(relay.delay(delayMs, where)),
    'stall-for': () => forAWhile(relay.stall(where)),
    stall: () => relay.stall(where),
    'half-open-up': () => relay.stall({ ...where, direction: 'up' }),
    'half-open-down': () => relay.stall({ ...where, direction: 'down' }),
  }
  strikes[kind]()
}

function weighted<Name extends string>(shares: { readonly [name in Name]: number }, drawn: number): Name {
  const names = Object.keys(shares) as Name[]
  const total = names.reduce((sum, name) => sum + shares[name], 0)
  let sum = 0
  for (const name of names) {
    sum += shares[name]
    if (drawn * total < sum) return name
  }
  return names.at(-1)!
}
