import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cell, cellTags, type Notebook, notebookJson, readNotebook } from '../../notebook/file/notebook-file.js'
import { packageRoot } from '../../project.js'
import { type ChapterParameters, presets } from '../start/presets.js'
import { type Placed, placed } from './place.js'

const notebookFile = join('notebooks', 'worker-analysis.ipynb')
const bibliographyFile = join('notebooks', 'references.bib')

/**
 * Sentences of the shipped notebook about the studies that came with it, and those that replace
 * them elsewhere.
 */
const ofReference = `The studies named
\`reference\` came with the project: to measure **your** machine, choose a name of your own.`
const ofQuick = `These are the
parameters of \`npx copylab start\`, whose studies are read; \`npx copylab start --preset thesis\` measures a whole chapter.`

/**
 * Gives a project the chapter's notebook, with the parameters of the quick preset and without what
 * its cells showed elsewhere, and the bibliography next to it, unless they are there.
 */
export async function placeChapter(folder: string): Promise<Placed[]> {
  const shipped = async (): Promise<string> =>
    notebookJson(ownNotebook(await readNotebook(join(packageRoot, notebookFile)), presets.quick))
  return [
    await placed(folder, notebookFile, "the chapter, with the quick preset's parameters", shipped),
    await placed(folder, bibliographyFile, 'the works that it cites', () =>
      readFileSync(join(packageRoot, bibliographyFile), 'utf8'),
    ),
  ]
}

/**
 * The shipped notebook as somebody begins with it: no outputs, and parameters for a first answer.
 */
export function ownNotebook(notebook: Notebook, parameters: PlainParameters): Notebook {
  const own = (cell: Cell): Cell => {
    if (cell.cell_type !== 'code') return { ...cell, source: cell.source.replace(ofReference, ofQuick) }
    const source = cellTags(cell).includes('parameters') ? withValues(cell.source, parameters) : cell.source
    return { ...cell, source, execution_count: null, outputs: [] }
  }
  return { ...notebook, cells: notebook.cells.map(own) }
}

/** Parameters with a value of one line. */
type PlainParameters = Omit<ChapterParameters, 'csvOptions' | 'table'>

/** The parameters' cell with other values, each on its line, before its comment. */
function withValues(source: string, parameters: PlainParameters): string {
  return Object.entries(parameters).reduce(
    (text, [name, value]) =>
      text.replace(new RegExp(`^( *${name}: )(.*?),( *)(//.*)?$`, 'm'), (_, key, old, space, comment) => {
        const literal = typed(value)
        const width = old.length + space.length
        return `${key}${literal},${comment ? ' '.repeat(Math.max(1, width - literal.length)) + comment : ''}`
      }),
    source,
  )
}

/** A parameter's value as the cell has it: 10_000, [1, 2], 'quick'. */
function typed(value: NonNullable<PlainParameters[keyof PlainParameters]>): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number') return String(value).replace(/\d(?=(\d{3})+$)/g, value >= 10_000 ? '$&_' : '$&')
  return typeof value === 'boolean' ? String(value) : `[${value.map((one) => typed(one)).join(', ')}]`
}
