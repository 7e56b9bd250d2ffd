import { createRequire } from 'node:module'

/**
 * Content that a cell shows, in several MIME types; a client takes the richest one that it knows.
 */
export interface CellDisplay {
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** tslab's function that writes display messages; each cell has another one. */
export type DisplayWriter = (
  content: { data: unknown; metadata: unknown; transient: Record<string, unknown> },
  update: boolean,
) => void

/**
 * The display writer of the cell that was started last; null outside of a tslab kernel. It is found
 * among the loaded modules, so that a kernel of another installation than the project's is found
 * too, and nothing is loaded where no kernel runs.
 */
export function displayWriter(): DisplayWriter | null {
  const loaded = Object.entries(createRequire(import.meta.url).cache)
  const writers = loaded
    .filter(([path]) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path))
    .map(([, module]) => module?.exports.lastWriteDisplayData as DisplayWriter | null | undefined)
  return writers.find((writer) => typeof writer === 'function') ?? null
}

/**
 * Shows something in the cell; outside of a kernel its `text/plain` is printed. A display with an
 * `id` can be shown again in its place.
 */
export function display({ data, metadata = {} }: CellDisplay, id?: string, update = false): void {
  const write = displayWriter()
  if (write) write({ data, metadata, transient: id === undefined ? {} : { display_id: id } }, update)
  else console.log(String(data['text/plain'] ?? ''))
}
