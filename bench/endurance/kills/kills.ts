import type { Endurance } from '../endurance.js'
import { shareOf } from '../endurance.js'
import { type Kills, killAtPoints } from './campaign.js'
import { targets } from './inside/point.js'
import { faultKinds } from './judge.js'

/** Points of a whole run, those of them inside measured trials, and those of each target. */
const full = { points: 1_000, inMeasured: 500, ofEachTarget: 150 }

export const kills: Endurance<Kills> = {
  name: 'kills',
  title: 'The client, its server, the guardian and single backends killed, and studies resumed',
  run: (options) =>
    killAtPoints({
      ...options,
      asked: {
        points: shareOf(full.points, options),
        inMeasured: shareOf(full.inMeasured, options),
        ofEachTarget: shareOf(full.ofEachTarget, options),
      },
      blocks: options.share < 0.1 ? 2 : 6,
      lanes: options.share < 0.1 ? 1 : 4,
    }),
  wrong: wrongOf,
  show: (result) => [
    `${result.points} kills in ${result.studies} studies and ${result.runs} runs, ${result.inMeasured} of them inside measured trials`,
    ...[result.byTarget, result.byClient, result.byEvent, result.byMoment].map((counts) =>
      Object.entries(counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    ),
    faultKinds.map((kind) => `${kind} ${result[kind]}`).join(', '),
  ],
}

function wrongOf(result: Kills): string[] {
  const { asked, points, inMeasured, byTarget, byClient, examples } = result
  const short = (what: string, found: number, wanted: number): string[] =>
    found < wanted ? [`${found} kills ${what}, of ${wanted} asked for`] : []
  return [
    ...short('in all', points, asked.points),
    ...short('inside measured trials', inMeasured, asked.inMeasured),
    ...targets.flatMap((target) => short(`of the ${target}`, byTarget[target], asked.ofEachTarget)),
    ...(['event-loop', 'threads'] as const).flatMap((client) => short(`in trials of ${client}`, byClient[client], 1)),
    ...faultKinds.flatMap((kind) => (result[kind] > 0 ? [`${kind}: ${result[kind]}`] : [])),
    ...examples,
  ]
}
