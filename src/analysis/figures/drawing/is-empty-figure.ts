import type { Figure, JsonValue } from './figure.js'

/**
 * Whether a figure has nothing to draw, so that whoever shows figures leaves it out: none of its
 * traces has a point. Its subtitle says why.
 *
 * @example
 * if (!isEmptyFigure(figure)) show(figure)
 */
export function isEmptyFigure({ data }: Pick<Figure, 'data'>): boolean {
  return data.every(({ x, y, z }) => (z === undefined ? !(hasPoint(x) && hasPoint(y)) : !hasPoint(z)))
}

/** Whether a coordinate holds a value, at whatever depth. */
function hasPoint(values: JsonValue | undefined): boolean {
  return Array.isArray(values) && values.some((value) => (Array.isArray(value) ? hasPoint(value) : value !== null))
}
