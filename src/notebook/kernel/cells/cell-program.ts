import type * as TypeScript from '@tslab/typescript-for-tslab'
import { transformCell } from './transform-cell.js'
import { isCell, ts, tslabRequire } from './tslab.js'

/**
 * The compiler's program and source file of the cell that was compiled, completed or inspected
 * last; the program includes the cells before it.
 */
export interface CellProgram {
  readonly program: TypeScript.Program
  readonly cell: TypeScript.SourceFile
}

type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>

/**
 * Makes the compiler emit cells as `transformCell` does. It must be called before tslab's modules
 * are loaded, which then take the compiler from here. Returns a function that gives the cell that
 * was compiled, completed or inspected last.
 */
export function watchCells(): () => CellProgram {
  let latest: TypeScript.Program | undefined
  const { createWatchProgram } = ts
  const watched = (host: Host) => {
    const created = host.afterProgramCreate
    host.afterProgramCreate = (builder) => {
      const program = builder.getProgram()
      latest = program
      nameAsTyped(program)
      const { emit } = builder
      builder.emit = (file, write, token, onlyDeclarations, transformers) =>
        emit(file, write, token, onlyDeclarations, {
          ...transformers,
          before: [...(transformers?.before ?? []), transformCell(program)],
        })
      created?.(builder)
    }
    return createWatchProgram(host)
  }
  const loaded = tslabRequire.cache[tslabRequire.resolve('@tslab/typescript-for-tslab')]!
  loaded.exports = { ...ts, createWatchProgram: watched }
  return () => {
    const cell = latest?.getSourceFiles().find(isCell)
    if (!latest || !cell) throw new Error('No cell has been compiled')
    return { program: latest, cell }
  }
}

/**
 * Gives tslab the names of a cell as they are typed. tslab exports every name that it finds among a
 * cell's, as the compiler enters them: `__dirname` with a third underscore, and `declare global` as
 * if it were a variable.
 */
function nameAsTyped(program: TypeScript.Program): void {
  // Names are entered when there is a checker.
  program.getTypeChecker()
  const { locals } = (program.getSourceFiles().find(isCell) ?? {}) as { readonly locals?: Map<string, unknown> }
  if (!locals) return
  locals.forEach = (visit) => {
    for (const [name, symbol] of locals) {
      if (name !== '__global') visit(symbol, ts.unescapeLeadingUnderscores(name as TypeScript.__String), locals)
    }
  }
}
