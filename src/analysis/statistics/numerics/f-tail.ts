import betainc from '@stdlib/math-base-special-betainc'
import { checkedInteger } from '../../../check.js'

/**
 * Computes P(F > f) of the F distribution with `df1` and `df2` degrees of freedom, both whole, to
 * about 12 digits, however small it is: the incomplete beta function I_x(df2/2, df1/2) with x = df2
 * / (df2 + df1·f) (Abramowitz & Stegun 1964, 26.6.2).
 *
 * @throws `RangeError` for degrees of freedom that are no whole numbers from 1, and for an `f` that
 * is not a number.
 */
export function fTail(f: number, df1: number, df2: number): number {
  checkedInteger('df1', df1, { from: 1 })
  checkedInteger('df2', df2, { from: 1 })
  if (Number.isNaN(f)) throw new RangeError('Expected `f` to be a number, got NaN')
  if (f <= 0) return 1
  if (f === Number.POSITIVE_INFINITY) return 0
  const [a, b] = [df2 / 2, df1 / 2]
  const explained = df1 * f
  const whole = df2 + explained
  // Of x and 1 − x the smaller one is known to more digits.
  return explained > df2 ? betainc(df2 / whole, a, b) : betainc(explained / whole, b, a, true, true)
}
