import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Json } from '../file/json.js'
import { type Notebook, readNotebook, writeNotebook } from '../file/notebook-file.js'

/** Result of `workingCopy`. */
export interface WorkingCopy {
  readonly state: 'made' | 'kept'
  /**
   * Whether the original has other cells than when the copy was made; null where the copy does not
   * record it.
   */
  readonly originalChanged: boolean | null
}

/** Key of the metadata in which a copy keeps a hash of its original's cells. */
const mark = 'copylab'

/**
 * Makes a copy of a notebook, outputs and all, unless there is one, which is left as it is. Throws
 * `TypeError` where a file is no notebook.
 */
export async function workingCopy(original: string, copy: string): Promise<WorkingCopy> {
  const given = await readNotebook(original)
  const copyOf = sourcesHash(given)
  if (existsSync(copy)) {
    const then = (await readNotebook(copy)).metadata[mark] as { readonly copyOf?: Json } | undefined
    return { state: 'kept', originalChanged: then?.copyOf === undefined ? null : then.copyOf !== copyOf }
  }
  await writeNotebook({ ...given, metadata: { ...given.metadata, [mark]: { copyOf } } }, copy)
  return { state: 'made', originalChanged: false }
}

/** Hash of the cells' sources, without their outputs. */
function sourcesHash({ cells }: Notebook): string {
  const sources = cells.map(({ cell_type, source }) => [cell_type, source])
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 12)
}
