/** A point and the ends of its error bar on one axis, in pixels, upwards and to the right. */
export interface PixelSpan {
  readonly at: number
  readonly from: number
  readonly to: number
}

/** A point with error bars in both directions and a label, whose size is in pixels. */
export interface LabelledPoint {
  readonly x: PixelSpan
  readonly y: PixelSpan
  readonly width: number
  readonly height: number
}

/** How far the centre of a label lies from its point, in pixels, upwards and to the right. */
export interface LabelShift {
  readonly x: number
  readonly y: number
}

/** Half the size of a point's symbol, and half the width of its error bars, in pixels. */
const [symbolSize, barSize] = [6, 2]

/** Distances of a label from its point, in pixels beyond the symbol, the nearest first. */
const distances = [1, 6, 12, 20, 30] as const
/** Distances at which a label is still seen to be its point's, whatever else is near. */
const nearDistances = distances.slice(0, 2)

/** Directions from a point, right and up. */
const directions = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
  [2, 1],
  [2, -1],
  [-2, 1],
  [-2, -1],
  [1, 2],
  [-1, 2],
  [1, -2],
  [-1, -2],
] as const

interface Box {
  readonly x: number
  readonly y: number
  readonly halfWidth: number
  readonly halfHeight: number
}

/** What labels must not hide, in a figure that is drawn at one height. */
interface Drawing {
  readonly stretch: number
  readonly taken: Box[]
  readonly bars: readonly Box[]
}

/**
 * Places labels next to their points, in the order of the points: each close to its point where it
 * hides no symbol, no label placed before and no error bar, else at the nearest place where it
 * hides none of the first two; where there is no such place, next to its point all the same. A
 * figure may be drawn at several heights, `stretches` being their multiples of that of the points'
 * pixels: labels stay apart in each.
 */
export function apartLabels(points: readonly LabelledPoint[], stretches: readonly number[] = [1]): LabelShift[] {
  const drawings = stretches.map((stretch): Drawing => {
    const drawn = points.map(({ x, y }) => ({ x, y: stretched(y, stretch) }))
    const taken = drawn.map(({ x, y }) => ({ x: x.at, y: y.at, halfWidth: symbolSize, halfHeight: symbolSize }))
    return { stretch, taken, bars: drawn.flatMap(barsOf) }
  })
  return points.map((point) => {
    const boxAt = (shift: LabelShift, stretch: number): Box => ({
      x: point.x.at + shift.x,
      y: point.y.at * stretch + shift.y,
      halfWidth: point.width / 2,
      halfHeight: point.height / 2,
    })
    const hides = (shift: LabelShift, boxesOf: (drawing: Drawing) => readonly Box[]): boolean =>
      drawings.some((drawing) => {
        const own = boxAt(shift, drawing.stretch)
        return boxesOf(drawing).some((other) => overlap(own, other))
      })
    const shifts = shiftsOf(point, distances)
    const found =
      shiftsOf(point, nearDistances).find((shift) => !hides(shift, ({ taken, bars }) => [...taken, ...bars])) ??
      shifts.find((shift) => !hides(shift, ({ taken }) => taken)) ??
      shifts[0]!
    for (const { stretch, taken } of drawings) taken.push(boxAt(found, stretch))
    return found
  })
}

const stretched = ({ at, from, to }: PixelSpan, by: number): PixelSpan => ({
  at: at * by,
  from: from * by,
  to: to * by,
})

function barsOf({ x, y }: Pick<LabelledPoint, 'x' | 'y'>): Box[] {
  return [
    { x: (x.from + x.to) / 2, y: y.at, halfWidth: (x.to - x.from) / 2, halfHeight: barSize },
    { x: x.at, y: (y.from + y.to) / 2, halfWidth: barSize, halfHeight: (y.to - y.from) / 2 },
  ]
}

function shiftsOf({ width, height }: LabelledPoint, at: readonly number[]): LabelShift[] {
  return at.flatMap((distance) =>
    directions.map(([right, up]) => ({
      x: Math.sign(right) * (width / 2 + Math.abs(right) * (symbolSize / 2 + distance / 2)),
      y: Math.sign(up) * (height / 2 + Math.abs(up) * (symbolSize / 2 + distance / 2)),
    })),
  )
}

const overlap = (a: Box, b: Box): boolean =>
  Math.abs(a.x - b.x) < a.halfWidth + b.halfWidth && Math.abs(a.y - b.y) < a.halfHeight + b.halfHeight
