/** Confidence level of every interval, unless told. */
export const defaultLevel = 0.95

/** The largest difference that does not matter, as a share, unless told. */
export const defaultMargin = 0.02

/** Probability with which a number of blocks is to detect a difference, unless told. */
export const defaultPower = 0.9
