/** Points at which to evaluate an integrand, and the weight of each value. */
export interface Quadrature {
  readonly nodes: readonly number[]
  readonly weights: readonly number[]
}

/**
 * The rule of ten points on −1 to 1 (Abramowitz & Stegun 1964, table 25.4): each node represents
 * its mirror image too.
 */
const tenPoints = [
  [0.14887433898163122, 0.29552422471475287],
  [0.4333953941292472, 0.26926671930999635],
  [0.6794095682990244, 0.21908636251598204],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.06667134430868814],
] as const

/**
 * Returns Gauss and Legendre's quadrature from one number to another, ten points on each of equal
 * panels that are `widest` wide at most; empty where nothing lies between them.
 */
export function gaussLegendre(from: number, to: number, widest: number): Quadrature {
  const panels = Math.max(0, Math.ceil((to - from) / widest))
  const half = (to - from) / panels / 2
  const nodes: number[] = []
  const weights: number[] = []
  for (let panel = 0; panel < panels; panel++) {
    const centre = from + (2 * panel + 1) * half
    for (const [node, weight] of tenPoints) {
      nodes.push(centre - half * node, centre + half * node)
      weights.push(half * weight, half * weight)
    }
  }
  return { nodes, weights }
}
