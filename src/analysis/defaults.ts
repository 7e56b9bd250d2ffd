export { defaultLevel, defaultMargin } from '../study/preregistration.js'

/** Probability with which a number of blocks is to detect a difference, unless told. */
export const defaultPower = 0.9
