import type { Random } from '#copylab/analysis/statistics/numerics/random.js'
import { drawMoment } from './drawn-moment.js'
import type { Line, Relay } from './relay.js'
import type { DrawnFault } from './try-faults.js'

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
export interface NetworkFault extends DrawnFault {
  readonly kind: NetworkKind
  /** All connections, or that on which the moment falls. */
  readonly target: 'all' | 'line'
  /** How long it lasts, where it ends. */
  readonly ms: number
  /** For how long `delay-for` holds each piece back. */
  readonly delayMs: number
}

const lastingKinds: readonly NetworkKind[] = ['stall', 'half-open-up', 'half-open-down']
const passing = Object.fromEntries(
  Object.entries(weights).filter(([kind]) => !lastingKinds.includes(kind as NetworkKind)),
) as { readonly [kind in NetworkKind]: number }

/**
 * Draws a fault; the kinds come by their weights, and none that lasts where that takes too long.
 */
export function drawNetworkFault(random: Random, lasting: boolean): NetworkFault {
  return {
    kind: weighted(lasting ? weights : passing, random.uniform()),
    moment: drawMoment(random),
    target: random.uniform() < 0.5 ? 'all' : 'line',
    ms: Math.round(50 + 4_000 * random.uniform()),
    delayMs: Math.round(1 + 199 * random.uniform()),
  }
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
