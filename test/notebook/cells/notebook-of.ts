import type { Notebook } from '../../../src/entries/chapter.js'

/** A notebook of the project's kernel with cells of this code. */
export function notebookOf(codes: readonly string[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
      language_info: { name: 'typescript' },
    },
    cells: codes.map((source, k) => ({
      cell_type: 'code',
      id: `cell-${k}`,
      metadata: {},
      source,
      execution_count: null,
      outputs: [],
    })),
  }
}
