/** Names that notebooks of earlier versions import from `copylab/executor`. */

import { flightsData as data } from '../../executor/input/flights/flights.js'
import { samplePauseMs as pause } from '../../executor/probes/sampling/observer.js'

/**
 * The year of the flights of `flights()`, and how many there are.
 *
 * @deprecated A text that mentions them names them itself: `showNumbers({ flights: 3_000_000 })`.
 */
export const flightsData = data

/**
 * The shortest and the longest pause between two wait samples, in milliseconds.
 *
 * @deprecated A text that mentions them names them itself: `showNumbers({ pauses: [15, 19] })`.
 */
export const lookPauseMs = pause
