import type { Figure, JsonValue } from './figure.js'

/**
 * Returns whether a figure has nothing to draw, so that a notebook can leave it out: none of its
 * traces has a point. Its subtitle gives the reason.
 *
 * @example
 * if (!isEmptyFigure(figure)) show(figure)
 */
export function isEmptyFigure({ data }: Pick<Figure, 'data'>): boolean {
  return data.every(({ x, y, z }) => (z === undefined ? !(hasPoint(x) && hasPoint(y)) : !hasPoint(z)))
}

/** Returns whether a coordinate holds a value, at any depth. */
function hasPoint(values: JsonValue | undefined): boolean {
  return Array.isArray(values) && values.some((value) => (Array.isArray(value) ? hasPoint(value) : value !== null))
}
