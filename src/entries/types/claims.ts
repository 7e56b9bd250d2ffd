/** Types of a file of claims. */

export type {
  ClaimedContrast,
  Claims,
  ClaimsFile,
  StatedBestSet,
  StatedChange,
  StatedClaim,
  StatedContrasts,
  StatedInteraction,
  StatedMeasurement,
  StatedPeak,
  StatedRelief,
  StatedReport,
  StatedRule,
  StatedShift,
  StatedSpread,
  StatedTest,
} from '../../claims/claims.js'
export type { ClaimsName } from '../../claims/claims-named.js'
