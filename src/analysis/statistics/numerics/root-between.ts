/**
 * Finds the root of a continuous function that increases through 0 between two numbers, to about 12
 * digits: inverse quadratic interpolation, and halving where that is not safe (Chandrupatla 1997,
 * Advances in Engineering Software 28, 145–149). Throws `RangeError` when the function is above 0
 * at `low` or below 0 at `high`.
 */
export function rootBetween(increasing: (x: number) => number, low: number, high: number): number {
  let last = { x: high, f: increasing(high) }
  let opposite = { x: low, f: increasing(low) }
  if (!(opposite.f <= 0 && last.f >= 0)) {
    throw new RangeError(
      `Expected a function from below 0 to above 0 between ${low} and ${high}, got ${opposite.f} and ${last.f}`,
    )
  }
  if (last.f === 0) return high
  let share = 0.5
  while (true) {
    const x = last.x + share * (opposite.x - last.x)
    const point = { x, f: increasing(x) }
    const sameSide = Math.sign(point.f) === Math.sign(last.f)
    const before = sameSide ? last : opposite
    if (!sameSide) opposite = last
    last = point
    const nearer = Math.abs(opposite.f) < Math.abs(last.f) ? opposite : last
    const least = (1e-12 * (1 + Math.abs(nearer.x))) / Math.abs(opposite.x - last.x)
    if (nearer.f === 0 || least > 0.5) return nearer.x
    const position = (last.x - opposite.x) / (before.x - opposite.x)
    const height = (last.f - opposite.f) / (before.f - opposite.f)
    const interpolates = height ** 2 < position && (1 - height) ** 2 < 1 - position
    const wanted = interpolates ? interpolatedShare(last, opposite, before) : 0.5
    share = Math.min(1 - least, Math.max(least, wanted))
  }
}

interface Point {
  readonly x: number
  readonly f: number
}

/**
 * Returns the position at which x as a quadratic function of f through three points is at f = 0: as
 * a share of the way from the last point to the opposite one.
 */
function interpolatedShare(last: Point, opposite: Point, before: Point): number {
  return (
    (last.f / (opposite.f - last.f)) * (before.f / (opposite.f - before.f)) +
    ((before.x - last.x) / (opposite.x - last.x)) *
      (last.f / (before.f - last.f)) *
      (opposite.f / (before.f - opposite.f))
  )
}
