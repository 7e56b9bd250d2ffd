import t from '@stdlib/stats-base-dists-t'
import { checkedWhole } from './checked-values.js'

/**
 * P(F > f) of the F distribution with `df1` and `df2` degrees of freedom, both whole. With x = df2
 * / (df2 + df1·f) it is the incomplete beta function I_x(df2/2, df1/2) (Abramowitz & Stegun 1964,
 * 26.6.2), which is known at df1 = 1 (Student's t) and df1 = 2 (a power), and from there follows by
 * I_x(a, b + 1) = I_x(a, b) + x^a (1 − x)^b / (b B(a, b)) (26.5.16): only positive terms are added.
 */
export function fTail(f: number, df1: number, df2: number): number {
  checkedWhole('df1', df1, 1)
  checkedWhole('df2', df2, 1)
  if (Number.isNaN(f)) throw new RangeError('Expected `f` to be a number, got NaN')
  if (f <= 0) return 1
  if (f === Number.POSITIVE_INFINITY) return 0
  const a = df2 / 2
  const x = df2 / (df2 + df1 * f)
  const odd = df1 % 2 === 1
  let b = odd ? 0.5 : 1
  let tail = odd ? 2 * t.cdf(-Math.sqrt(df1 * f), df2) : x ** a
  // 1 / (b B(a, b)), where the density of t at 0 is 1 / (√df2 B(df2/2, 1/2)).
  let factor = odd ? 2 * Math.sqrt(df2) * t.pdf(0, df2) : a
  for (; b < df1 / 2; b++) {
    tail += factor * x ** a * (1 - x) ** b
    factor *= (a + b) / (b + 1)
  }
  return Math.min(1, tail)
}
