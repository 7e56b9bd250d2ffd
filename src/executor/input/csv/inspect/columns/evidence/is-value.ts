import { DateCandidate } from './date-candidate.js'
import { readingsOf } from './number-readings.js'

/** Whether a text is rather a value than a name or other text: a number or a date. */
export function isValue(text: string): boolean {
  return readingsOf(text).number !== 0 || new DateCandidate().fits(text)
}
