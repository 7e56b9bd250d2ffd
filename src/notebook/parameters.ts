import { declaredParameters, type Parameters, parametersCell } from './declared-parameters.js'
import { type CodeCell, cellTags, type Notebook, unusedId } from './file/notebook-file.js'
import { checkParameters } from './parameter-kinds.js'

/** Matches an injected cell; its group is the assigned values, as JSON. */
const assignment = /^void Object\.assign\(params, (\{.*\})\)$/s

/**
 * A notebook with a cell, tagged `injected-parameters`, that assigns `parameters` to the object
 * `params` which the cell tagged `parameters` declares. It takes the place of one injected earlier.
 * Throws `TypeError` when there is no such cell or object, and for a value of another kind than the
 * declared one; `RangeError` for a name that is not declared.
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): Notebook {
  checkParameters(declaredParameters(notebook), parameters)
  const cells = notebook.cells.filter((cell) => !cellTags(cell).includes('injected-parameters'))
  const index = cells.indexOf(parametersCell(notebook))
  const injected: CodeCell = {
    cell_type: 'code',
    id: unusedId('injected-parameters', new Set(cells.map((cell) => cell.id))),
    metadata: { tags: ['injected-parameters'] },
    // An assignment to the object, not a second declaration: functions of earlier cells keep the
    // object they closed over.
    source: `void Object.assign(params, ${JSON.stringify(parameters, null, 2)})`,
    execution_count: null,
    outputs: [],
  }
  return { ...notebook, cells: [...cells.slice(0, index + 1), injected, ...cells.slice(index + 1)] }
}

/**
 * The values that a notebook's cells ran with: those that its cell tagged `parameters` declares, or
 * those that were injected in their place. None for a notebook without such a cell, or with one
 * that declares something else.
 */
export function parametersOf(notebook: Notebook): Parameters {
  const injected = notebook.cells.find((cell) => cellTags(cell).includes('injected-parameters'))
  const assigned = injected && assignment.exec(injected.source)
  try {
    return { ...declaredParameters(notebook), ...(assigned && JSON.parse(assigned[1]!)) }
  } catch {
    return {}
  }
}
