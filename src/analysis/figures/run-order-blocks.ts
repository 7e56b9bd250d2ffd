import { faintInk, type JsonObject } from './drawing/figure.js'

/** A trial's place in the run order, its block, and its session where the study is in sessions. */
interface Placed {
  readonly trial: number
  readonly block: number
  readonly session: number | null
}

interface Span {
  readonly block: number
  readonly session: number | null
  readonly first: number
  readonly last: number
}

/** Returns the blocks, or the sessions, in run order, by their first and last trial. */
function spansOf(points: readonly Placed[], of: 'block' | 'session'): Span[] {
  const found: Span[] = []
  for (const { block, session, trial } of points) {
    const open = found.at(-1)
    const isIn = open && (of === 'session' || open.block === block) && open.session === session
    if (isIn) found[found.length - 1] = { ...open, last: trial }
    else found.push({ block, session, first: trial, last: trial })
  }
  return found
}

/** Draws a faint line between every two blocks, and a dark one between two sessions. */
export function boundaries(points: readonly Placed[]): JsonObject[] {
  const blocks = spansOf(points, 'block')
  return blocks.slice(1).map(({ first, session }, k) => {
    const isNewSession = session !== blocks[k]!.session
    const x = (blocks[k]!.last + first) / 2
    return {
      type: 'line',
      xref: 'x',
      yref: 'paper',
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: isNewSession ? { color: faintInk, width: 2 } : { color: '#c8c8c8', width: 1 },
      layer: 'below',
    }
  })
}

/** Draws numbers over the sessions, or over the blocks of a study that has none. */
export function spanNames(points: readonly Placed[]): JsonObject[] {
  return points.some(({ session }) => session !== null) ? sessionNames(points) : blockNames(points)
}

/** Draws numbers over the sessions, as many of them as there is room for. */
function sessionNames(points: readonly Placed[]): JsonObject[] {
  const sessions = spansOf(points, 'session')
  const step = Math.ceil(sessions.length / 14)
  return sessions
    .filter((_, k) => k % step === 0)
    .map(({ session, first, last }, k) => ({
      ...nameAbove,
      text: k === 0 ? `session ${session}` : String(session),
      x: (first + last) / 2,
      xanchor: 'center',
    }))
}

/** Draws numbers over the blocks, as many of them as there is room for. */
function blockNames(points: readonly Placed[]): JsonObject[] {
  const blocks = spansOf(points, 'block')
  const step = Math.ceil(blocks.length / 14)
  const isNarrow = step > 1
  return blocks
    .filter(({ block }) => block === 0 || (block - 1) % step === 0)
    .map(({ block, first, last }, k) => {
      const isFirst = block === 1 || (k === 0 && block > 1)
      // The warm-up's name ends where its trials do, and the first block's begins where its own do,
      // so that they do not meet.
      const [x, xanchor] =
        block === 0 ? [last, 'right'] : isFirst && isNarrow ? [first, 'left'] : [(first + last) / 2, 'center']
      return {
        ...nameAbove,
        text: block === 0 ? 'warm-up' : isFirst ? `block ${block}` : String(block),
        x,
        xanchor,
      }
    })
}

/** A text that stands above the axes. */
const nameAbove = {
  xref: 'x',
  y: 1,
  yref: 'paper',
  yanchor: 'bottom',
  showarrow: false,
  font: { size: 12, color: faintInk },
} as const
