import type { Estimate } from '../../statistics/estimate.js'
import { mapEstimate } from '../../statistics/estimate.js'
import { mean } from '../../statistics/numerics/moments.js'
import { tInterval } from '../../statistics/t-interval.js'
import type { HostUse } from './host-use.js'
import type { BlockTimes } from './within-blocks.js'

/** One factor of a time, under two treatments. */
export interface TimeFactor {
  /** Mean over blocks with the first treatment. */
  readonly from: number
  /** Mean over blocks with the second. */
  readonly to: number
  /**
   * Ratio to/from: geometric mean of the ratios within blocks, with Student's t interval of their
   * logarithms.
   */
  readonly ratio: Estimate
  /** Its part of the change of the time, in milliseconds, with Student's t interval over blocks. */
  readonly ms: Estimate
}

/** Part of the CPU demand. */
export interface DemandPart {
  /**
   * Whose CPU time it is: `others` are all other processes of the host, those of the server and of
   * the kernel among them.
   */
  readonly name: 'client' | 'backends' | 'others'
  /** Mean before, in core-milliseconds. */
  readonly from: number
  readonly to: number
  /** Its part of `demand.ms`. */
  readonly ms: Estimate
}

/**
 * The time of a load as an identity: CPU demand ÷ (cores × utilisation), under two treatments. The
 * demand is the time for which cores of the server's host were busy, summed over them, with
 * whatever; the utilisation is the share of the cores that was busy.
 *
 * In each block the change of the time T is divided by the logarithmic mean of its two values, L =
 * (T₁ − T₀) ÷ ln(T₁ ÷ T₀): to the demand D belongs L · ln(D₁ ÷ D₀), to the utilisation U the rest,
 * −L · ln(U₁ ÷ U₀), and to a part P of the demand L · (P₁ − P₀) ÷ L(D₀, D₁). The parts add up to
 * the change exactly (LMDI-I: Ang 2005, Energy Policy 33, 867–871).
 */
export interface TimeIdentity {
  /** Number of cores of the server's host. */
  readonly cores: number
  /** CPU demand, in core-milliseconds. */
  readonly demand: TimeFactor
  /** Share of the cores that was busy, 0 to 1. */
  readonly utilisation: TimeFactor
  /**
   * The demand by whose it is; empty where that is not known. The client is no part of it where it
   * is on another host.
   */
  readonly parts: readonly DemandPart[]
}

/**
 * Divides the change of the time into that of the CPU demand and that of the utilisation; returns
 * the reason, in words, where the host's CPU time is not known in all trials.
 */
export function timeIdentity(blocks: readonly BlockTimes[], level: number): TimeIdentity | string {
  const reason = blocks.flat().find(({ host }) => typeof host === 'string')?.host
  if (typeof reason === 'string') return reason
  const used = blocks.map(([from, to]) => {
    const [a, b] = [from!.host as HostUse, to!.host as HostUse]
    const changeMs = to!.totalMs - from!.totalMs
    const timeMean = logarithmicMean(from!.totalMs, to!.totalMs)
    const utilisation = [from!, to!].map(({ totalMs }, k) => [a, b][k]!.busyMs / [a, b][k]!.cores / totalMs)
    const demandMs = timeMean * Math.log(b.busyMs / a.busyMs)
    return { a, b, changeMs, timeMean, demandMs, utilisation }
  })
  const over = (values: readonly number[]): Estimate => tInterval(values, { level })
  const ratio = (values: readonly (readonly [number, number])[]): Estimate =>
    mapEstimate(over(values.map(([from, to]) => Math.log(to / from))), Math.exp)
  const shares = used.map(({ utilisation: [from, to] }) => [from!, to!] as const)
  return {
    cores: used[0]!.a.cores,
    demand: {
      from: mean(used.map(({ a }) => a.busyMs)),
      to: mean(used.map(({ b }) => b.busyMs)),
      ratio: ratio(used.map(({ a, b }) => [a.busyMs, b.busyMs])),
      ms: over(used.map(({ demandMs }) => demandMs)),
    },
    utilisation: {
      from: mean(shares.map(([from]) => from)),
      to: mean(shares.map(([, to]) => to)),
      ratio: ratio(shares),
      ms: over(used.map(({ changeMs, demandMs }) => changeMs - demandMs)),
    },
    parts: partsOf(
      used.map(({ a, b, timeMean }) => ({ a, b, msPerCoreMs: timeMean / logarithmicMean(a.busyMs, b.busyMs) })),
      over,
    ),
  }
}

type UsedPair = { readonly a: HostUse; readonly b: HostUse; readonly msPerCoreMs: number }

function partsOf(used: readonly UsedPair[], over: (values: readonly number[]) => Estimate): DemandPart[] {
  const uses = used.flatMap(({ a, b }) => [a, b])
  if (uses.some(({ backendsMs }) => backendsMs === null)) return []
  const withClient = uses.every(({ clientMs }) => clientMs !== null)
  const part = (name: DemandPart['name'], read: (use: HostUse) => number): DemandPart => ({
    name,
    from: mean(used.map(({ a }) => read(a))),
    to: mean(used.map(({ b }) => read(b))),
    ms: over(used.map(({ a, b, msPerCoreMs }) => (read(b) - read(a)) * msPerCoreMs)),
  })
  const clientMs = ({ clientMs: own }: HostUse): number => (withClient ? own! : 0)
  return [
    ...(withClient ? [part('client', clientMs)] : []),
    part('backends', ({ backendsMs }) => backendsMs!),
    part('others', (use) => use.busyMs - use.backendsMs! - clientMs(use)),
  ]
}

/** Returns (b − a) ÷ ln(b ÷ a), the mean by which changes of logarithms become changes. */
function logarithmicMean(a: number, b: number): number {
  const ratio = b / a
  return Math.abs(ratio - 1) < 1e-9 ? (a + b) / 2 : (b - a) / Math.log(ratio)
}
