export { defaultLevel, defaultMargin } from '../study/preregistration.js'

/** Default probability with which a number of blocks is to detect a difference. */
export const defaultPower = 0.9
