import { figureTitle, plotlyMime } from '../../../notebook/figure-display.js'
import { type Cell, type CodeCell, type DisplayOutput, unusedId } from '../../../notebook/file/notebook-file.js'
import { textOfHtml } from '../../../notebook/html-text.js'

/**
 * Matches the id of a cell that nobody named: by JupyterLab (a UUID), by nbformat or VS Code (eight
 * hexadecimal digits, at least one of them a decimal digit).
 */
const random = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{8})$/i
/** Greatest length of an id, which becomes a file's name that people can type. */
const maxCharacters = 60

/**
 * Gives cells with a random id a name that can be read, since figures, tables and numbers are named
 * after their cell: the title of what the cell draws, else the caption of its table, else the
 * heading above it. Links to the old ids lead to the new ones.
 */
export function withReadableIds(cells: readonly Cell[]): readonly Cell[] {
  const taken = new Set(cells.map(({ id }) => id))
  const names = new Map<string, string>()
  let heading = ''
  for (const cell of cells) {
    if (cell.cell_type === 'markdown') heading = [...cell.source.matchAll(/^#+ +(.+)$/gm)].at(-1)?.[1] ?? heading
    if (cell.cell_type !== 'code' || !random.test(cell.id)) continue
    names.set(cell.id, unusedId(slug(ownTitle(cell)) || slug(heading) || 'cell', taken))
  }
  if (names.size === 0) return cells
  const linked = (text: string): string =>
    [...names].reduce((linking, [id, name]) => linking.replaceAll(`(#${id}`, `(#${name}`), text)
  return cells.map((cell) =>
    cell.cell_type === 'code'
      ? { ...cell, id: names.get(cell.id) ?? cell.id }
      : { ...cell, source: linked(cell.source) },
  )
}

function ownTitle({ outputs }: CodeCell): string {
  const shown = outputs.filter((output): output is DisplayOutput => output.output_type === 'display_data')
  const figure = shown.find(({ data }) => data[plotlyMime] !== undefined)?.data[plotlyMime]
  const title = figureTitle((figure as { readonly layout?: unknown } | null | undefined)?.layout)?.split(' - ')[0]
  if (title) return title
  const captions = shown.map(({ data }) => /<caption[^>]*>(.*?)<\/caption>/s.exec(String(data['text/html'] ?? ''))?.[1])
  return textOfHtml(captions.find((caption) => caption) ?? '')
}

/** "How long does a batch take?" → "how-long-does-a-batch-take" */
function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain.match(/[a-z0-9]+/g) ?? []
  let name = ''
  for (const word of words) {
    if (name !== '' && name.length + 1 + word.length > maxCharacters) break
    name = name === '' ? word.slice(0, maxCharacters) : `${name}-${word}`
  }
  return name
}
