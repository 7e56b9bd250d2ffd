import { describe, expect, it } from 'vitest'
import { sessionSpread } from '../../../src/analysis/design/session-spread.js'
import { standardDeviation } from '../../../src/analysis/statistics/numerics/moments.js'
import { makeRandom } from '../../../src/analysis/statistics/numerics/random.js'

/** Log ratios of sessions of some blocks each, and the session of each. */
function drawn(counts: readonly number[], { within, between }: { within: number; between: number }, seed: number) {
  const random = makeRandom(seed)
  const values = counts.flatMap((count, session) => {
    const own = between * random.normal()
    return Array.from({ length: count }, () => ({ session, value: own + within * random.normal() }))
  })
  return [values.map(({ value }) => value), values.map(({ session }) => session)] as const
}

describe('sessionSpread', () => {
  it('sessionSpread of one session has the standard deviation of its values, and none between', () => {
    const values = [0.1, 0.3, -0.2, 0.05, 0.12, 0.4]
    const { sd, sessions, sessionSd, deviations } = sessionSpread(values, [0, 0, 0, 0, 0, 0])
    expect(sd).toBeCloseTo(standardDeviation(values), 14)
    expect([sessions, sessionSd, deviations.length]).toEqual([1, null, 6])
    expect(deviations.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 14)
  })

  it('sessionSpread splits the variance of equal sessions as the mean squares do', () => {
    // Means 1 to 6, each with two values 0.5 from it: MS within 0.5, between 2 · 3.5 = 7.
    const means = [1, 2, 3, 4, 5, 6]
    const { sd, sessionSd } = sessionSpread(
      means.flatMap((one) => [one - 0.5, one + 0.5]),
      means.flatMap((one) => [one, one]),
    )
    expect(sd ** 2).toBeCloseTo(0.5, 12)
    expect(sessionSd! ** 2).toBeCloseTo((7 - 0.5) / 2, 12)
  })

  it('sessionSpread finds both spreads of sessions of unequal length, on the average of many', () => {
    const counts = [3, 5, 8, 4, 12, 6, 9, 5]
    const found = Array.from({ length: 400 }, (_, seed) =>
      sessionSpread(...drawn(counts, { within: 0.05, between: 0.03 }, seed)),
    )
    const meanOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
    expect(Math.sqrt(meanOf(found.map(({ sd }) => sd ** 2)))).toBeCloseTo(0.05, 3)
    // Negative estimates count as 0, so that the mean lies a little above.
    const between = Math.sqrt(meanOf(found.map(({ sessionSd }) => sessionSd! ** 2)))
    expect(between).toBeGreaterThan(0.028)
    expect(between).toBeLessThan(0.033)
  })

  it('sessionSpread tells nothing between fewer than 6 sessions, and between sessions of single blocks', () => {
    expect(sessionSpread(...drawn([6, 6, 6, 6, 6], { within: 0.05, between: 0.03 }, 1)).sessionSd).toBeNull()
    const [values, sessions] = drawn([1, 1, 1, 1, 1, 1, 1], { within: 0.05, between: 0.03 }, 1)
    const short = sessionSpread(values, sessions)
    expect(short.sessionSd).toBeNull()
    expect(short.sd).toBeCloseTo(standardDeviation(values), 14)
  })

  it('sessionSpread is 0 between sessions whose means differ by no more than chance', () => {
    const values = [0.1, -0.1]
    const six = [0, 1, 2, 3, 4, 5].flatMap((session) => [session, session])
    expect(
      sessionSpread(
        six.map((_, k) => values[k % 2]!),
        six,
      ).sessionSd,
    ).toBe(0)
  })
})
