/** Default confidence level of every interval. */
export const defaultLevel = 0.95

/** Default of the largest difference that does not matter, as a share. */
export const defaultMargin = 0.02

/** Default probability with which a number of blocks is to detect a difference. */
export const defaultPower = 0.9
