import { bestSet, simulateStudy } from 'copylab/analysis'
import { uslThroughput } from 'copylab/statistics'
import { atLeast, type Draw, type Point, percent, type Quantity, yes } from './point.js'

const workers = [1, 2, 3, 4, 6, 8]

/** Total times by workers, without noise. */
interface Curve {
  readonly name: string
  readonly totalMs: (workers: number) => number
}

const peaked = uslCurve({ alpha: 0.2, beta: 0.12, gamma: 1 })
const curves: readonly Curve[] = [
  { name: 'a peak at 3 workers, 2 within 2 % of it', totalMs: peaked },
  {
    name: 'a plateau of 3, 4 and 6 workers',
    totalMs: (count) => (count === 4 || count === 6 ? peaked(3) : peaked(count)),
  },
]

function uslCurve(parameters: { readonly alpha: number; readonly beta: number; readonly gamma: number }) {
  return (count: number): number => 10_000 / uslThroughput(parameters, count)
}

const why =
  "Hsu's level of 95 % holds for each best level by itself, and is met so; that none of several equally good ones is missed is asked of all at once, which no multiple comparison with the best promises."

export const choosing: readonly Point[] = curves.flatMap((curve) =>
  [12, 30].flatMap((blocks) =>
    [0.05, 0.1].map((noise): Point<'all' | 'each' | 'size'> => {
      const title = `\`bestSet\`, ${curve.name}:`
      const share = (what: string, more: Partial<Quantity> = {}): Quantity => ({
        what: `${title} ${what}`,
        unit: 'share',
        criterion: atLeast(0.95),
        ...more,
      })
      return {
        where: `noise ${percent(noise)}, ${blocks} blocks`,
        studiesPerRound: 250,
        quantities: {
          all: share('contains every true best', { why }),
          each: share('contains a true best, mean over them'),
          size: { what: `${title} size of the set`, unit: 'number', criterion: null },
        },
        draw: (seed) => chosen(curve, { blocks, noise, seed }),
      }
    }),
  ),
)

function chosen(
  { totalMs }: Curve,
  options: { readonly blocks: number; readonly noise: number; readonly seed: number },
): Draw<'all' | 'each' | 'size'> {
  const study = simulateStudy({
    ...options,
    workers,
    observed: false,
    truth: (treatment) => ({ totalMs: totalMs(treatment.workers) }),
  })
  const least = Math.min(...workers.map(totalMs))
  const trueBest = workers.filter((count) => totalMs(count) === least)
  const set = bestSet(study, 'workers').best!.map(({ treatment }) => treatment.workers)
  const held = trueBest.filter((count) => set.includes(count)).length
  return { all: yes(held === trueBest.length), each: held / trueBest.length, size: set.length }
}
