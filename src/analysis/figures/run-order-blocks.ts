import { faintInk, type JsonObject } from './drawing/figure.js'

/** A trial's place in the run order and its block. */
type Placed = { readonly trial: number; readonly block: number }

interface BlockSpan {
  readonly block: number
  readonly first: number
  readonly last: number
}

/** Returns the blocks in run order, by their first and last trial. */
function blockSpans(points: readonly Placed[]): BlockSpan[] {
  const found: BlockSpan[] = []
  for (const { block, trial } of points) {
    const open = found.at(-1)
    if (open?.block === block) found[found.length - 1] = { ...open, last: trial }
    else found.push({ block, first: trial, last: trial })
  }
  return found
}

/** Draws a faint line between every two blocks. */
export function boundaries(points: readonly Placed[]): JsonObject[] {
  const blocks = blockSpans(points)
  return blocks.slice(1).map(({ first }, k) => {
    const x = (blocks[k]!.last + first) / 2
    return {
      type: 'line',
      xref: 'x',
      yref: 'paper',
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: { color: '#c8c8c8', width: 1 },
      layer: 'below',
    }
  })
}

/** Draws numbers over the blocks, as many of them as there is room for. */
export function blockNames(points: readonly Placed[]): JsonObject[] {
  const blocks = blockSpans(points)
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
        text: block === 0 ? 'warm-up' : isFirst ? `block ${block}` : String(block),
        x,
        xanchor,
        xref: 'x',
        y: 1,
        yref: 'paper',
        yanchor: 'bottom',
        showarrow: false,
        font: { size: 12, color: faintInk },
      }
    })
}
