import { type CodeCell, cellTags, type Notebook, unusedId } from './notebook-file.js'

/** Values for a notebook's `params`, as JSON. */
export type Parameters = Readonly<Record<string, unknown>>

/**
 * A notebook with a cell, tagged `injected-parameters`, that assigns `parameters` to the object `params` which the cell tagged `parameters`
 * declares. It takes the place of one injected earlier. Throws `TypeError` when there is no such cell or object.
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const cells = notebook.cells.filter((cell) => !cellTags(cell).includes('injected-parameters'))
  const index = cells.findIndex((cell) => cell.cell_type === 'code' && cellTags(cell).includes('parameters'))
  const declaring = cells[index]
  if (!declaring) throw new TypeError('Expected a code cell tagged `parameters` to put parameters after, got none')
  if (!/\bconst\s+params\s*(?::[^=]*)?=\s*\{/.test(declaring.source)) {
    throw new TypeError('Expected the cell tagged `parameters` to declare `const params = { … }`')
  }
  const injected: CodeCell = {
    cell_type: 'code',
    id: unusedId('injected-parameters', new Set(cells.map((cell) => cell.id))),
    metadata: { tags: ['injected-parameters'] },
    // An assignment to the object, not a second declaration: functions of earlier cells keep the object they closed over.
    source: `void Object.assign(params, ${JSON.stringify(parameters, null, 2)})`,
    execution_count: null,
    outputs: [],
  }
  return { ...notebook, cells: [...cells.slice(0, index + 1), injected, ...cells.slice(index + 1)] }
}
