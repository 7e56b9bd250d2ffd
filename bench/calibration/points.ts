import { choosing } from './choosing.js'
import { comparing } from './comparing.js'
import type { Point } from './point.js'
import { recommending } from './recommending.js'
import { scaling } from './scaling.js'
import { stopping } from './stopping.js'
import { type Tally, tallyOf } from './tally.js'

/** The points of each part of the bench that simulates studies. */
export const pointsOfPart = {
  calibration: [...comparing, ...stopping, ...choosing, ...scaling],
  recommending,
} as const satisfies { readonly [part: string]: readonly Point[] }

/** All points. A point's place in the list is part of its seeds. */
export const points: readonly Point[] = [...pointsOfPart.calibration, ...pointsOfPart.recommending]

/** Some studies of a point, by their numbers. */
export interface Chunk {
  readonly point: number
  readonly from: number
  readonly to: number
}

/** Seeds of one point: more than it has studies. */
const seedsPerPoint = 100_000_000

/** Simulates the studies and adds up what they say. */
export function runChunk({ point, from, to }: Chunk): Tally {
  const { draw } = points[point]!
  const draws = Array.from({ length: to - from }, (_, k) => draw(point * seedsPerPoint + from + k))
  return tallyOf(draws)
}
