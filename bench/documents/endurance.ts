import { classes } from '../endurance/classes.js'
import type { Machine } from '../machine.js'
import { readResult } from './results.js'

/** A class's result as it is kept. */
type Kept = object & { readonly commit: string; readonly date: string; readonly machine: Machine }

/** What each class of endurance tried at its last whole run, and what was wrong. */
export function enduranceText(): string[] {
  const kept = readResult<Readonly<Record<string, Kept | undefined>>>('endurance')
  return classes.flatMap(({ name, title, show, wrong }) => {
    const result = kept[name]
    if (result === undefined) return [`**${title}.** No whole run is kept yet.`, '']
    const { commit, date, machine } = result
    const found = wrong(result)
    return [
      `**${title}.** At ${commit.slice(0, 7)} on ${date.slice(0, 10)}, ${machine.cores} cores, Node.js ${machine.node}: ${found.length === 0 ? 'nothing was wrong' : `${found.length} things were wrong`}.`,
      '',
      ...[...show(result), ...found].map((line) => `- ${line.trim()}`),
      '',
    ]
  })
}
