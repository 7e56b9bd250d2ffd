import { createRequire } from 'node:module'
import type { Json, Output } from '../../src/entries/chapter.js'

/** The displays of a cell as a tslab kernel hands them on: as JSON. */
export function shownBy(cell: () => void): Output[] {
  const { cache } = createRequire(import.meta.url)
  const path = '/made/node_modules/tslab/dist/jupyter.js'
  const outputs: Output[] = []
  const lastWriteDisplayData = (content: object): void => {
    const { data, metadata } = JSON.parse(JSON.stringify(content)) as { data: Record<string, Json>; metadata: object }
    outputs.push({ output_type: 'display_data', data, metadata: metadata as Record<string, Json> })
  }
  cache[path] = { exports: { lastWriteDisplayData } } as unknown as NodeJS.Module
  try {
    cell()
    return outputs
  } finally {
    delete cache[path]
  }
}
