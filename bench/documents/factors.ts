import { markdownTable } from '#copylab/analysis/tables/render.js'
import { factorEntry, factorNames } from '#copylab/study/treatment.js'

const code = (level: unknown): string => `\`${String(level)}\``

/** A row for each factor: its levels, its default, and what it is. */
export function factorsText(): string[] {
  const header = ['factor', 'levels', 'default', 'what it is']
  return markdownTable(
    header,
    factorNames.map((factor) => {
      const entry = factorEntry(factor)
      return [code(factor), levelsOf(entry), code(entry.default), entry.summary]
    }),
  )
}

function levelsOf(entry: ReturnType<typeof factorEntry>): string {
  switch (entry.kind) {
    case 'count':
      return `whole numbers from ${entry.from}`
    case 'limit':
      return `whole numbers from ${entry.from}, ${code(null)}`
    case 'choice':
      return entry.levels.map(code).join(', ')
    case 'switch':
      return `${code(true)}, ${code(false)}`
    case 'spelled':
      return `texts: ${entry.usage}`
    case 'named':
      return `names with their meanings, ${code(`{ mine: ${entry.example} }`)}`
    default:
      throw new TypeError(`Unknown kind of factor ${JSON.stringify(entry satisfies never)}`)
  }
}
