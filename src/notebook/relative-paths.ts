import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Json } from './file/json.js'
import type { Cell, Notebook, Output } from './file/notebook-file.js'

/**
 * A notebook whose text outputs name files relative to `root`: its absolute path, plain or as a
 * `file:` URL, is taken out of them.
 */
export function withRelativePaths(notebook: Notebook, root: string): Notebook {
  const folder = root.endsWith(sep) ? root.slice(0, -1) : root
  const url = pathToFileURL(folder).href
  const names = [url, folder, folder.replaceAll('\\', '\\\\'), folder.replaceAll('\\', '/')]
  const clean = (text: string) => names.reduce(withoutFolder, text)
  return { ...notebook, cells: notebook.cells.map((cell) => cleanCell(cell, clean)) }
}

/** "/root/a" → "a", "/root" → ".", "/rooted" stays. */
function withoutFolder(text: string, folder: string): string {
  const escaped = folder.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return text.replace(new RegExp(`${escaped}(?:(?:/|\\\\\\\\?)(?=[\\w.@-])|(?![\\w.-]))`, 'g'), (match) =>
    match.length > folder.length ? '' : '.',
  )
}

function cleanCell(cell: Cell, clean: (text: string) => string): Cell {
  return cell.cell_type === 'code'
    ? { ...cell, outputs: cell.outputs.map((output) => cleanOutput(output, clean)) }
    : cell
}

function cleanOutput(output: Output, clean: (text: string) => string): Output {
  switch (output.output_type) {
    case 'stream':
      return { ...output, text: clean(output.text) }
    case 'error':
      return { ...output, evalue: clean(output.evalue), traceback: output.traceback.map(clean) }
    default:
      return {
        ...output,
        data: Object.fromEntries(Object.entries(output.data).map((entry) => cleanMime(entry, clean))),
      }
  }
}

function cleanMime([mime, value]: [string, Json], clean: (text: string) => string): [string, Json] {
  return [mime, mime.startsWith('text/') && typeof value === 'string' ? clean(value) : value]
}
