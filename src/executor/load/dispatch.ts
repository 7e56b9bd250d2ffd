import type { CopyPart } from '../../study/trial.js'

/** A half-open range of positions, `from` included, `to` not. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * Cuts `count` records into `parts` consecutive ranges whose sizes differ by one at most; ranges
 * without records are left out.
 */
export function splitEvenly(count: number, parts: number): Range[] {
  const bounds = Array.from({ length: parts + 1 }, (_, k) => Math.floor((count * k) / parts))
  return bounds
    .slice(1)
    .map((to, k) => ({ from: bounds[k]!, to }))
    .filter(({ from, to }) => to > from)
}

/**
 * Cuts a range into consecutive ones of `size` positions, the last one shorter; null leaves it
 * whole.
 */
export function cutRange({ from, to }: Range, size: number | null): Range[] {
  if (size === null) return [{ from, to }]
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, k) => ({
    from: from + k * size,
    to: Math.min(to, from + (k + 1) * size),
  }))
}

/**
 * Wall time in milliseconds during which at least one part's COPY was open: the length of the union
 * of their intervals.
 */
export function openMs(parts: readonly CopyPart[]): number {
  const ordered = [...parts].sort((a, b) => a.startMs - b.startMs)
  let total = 0
  let end = Number.NEGATIVE_INFINITY
  for (const { startMs, copyMs } of ordered) {
    total += Math.max(0, startMs + copyMs - Math.max(end, startMs))
    end = Math.max(end, startMs + copyMs)
  }
  return total
}
