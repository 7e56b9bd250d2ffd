/** The parts of tslab 1.0.22 that the kernel works with; it has no types of its own for them. */

import { createRequire } from 'node:module'
import type * as TypeScript from '@tslab/typescript-for-tslab'

/** A position in a cell, from 0. */
export interface CellPosition {
  readonly offset: number
  readonly line: number
  readonly character: number
}

/** One message of the compiler. A message that explains another follows it, at the same place. */
export interface CellDiagnostic {
  readonly start: CellPosition
  readonly end: CellPosition
  readonly messageText: string
  readonly category: number
  readonly code: number
  /** The module that it is about; absent for the cell itself. */
  readonly fileName?: string
}

/** A converted cell: its JavaScript, and the declarations that later cells see. */
export interface ConvertedCell {
  readonly diagnostics: readonly CellDiagnostic[]
  readonly output?: string
  readonly declOutput?: string
  readonly hasToplevelAwait?: boolean
  readonly lastExpressionVar?: string
}

/** Converts the TypeScript of cells; `earlier` is what the cells before declared. */
export interface Converter {
  convert(earlier: string, code: string): ConvertedCell
  inspect(earlier: string, code: string, position: number): TypeScript.QuickInfo | undefined
  complete(earlier: string, code: string, position: number): unknown
}

export interface Converters {
  readonly node: Converter
  close(): void
}

export interface Executor {
  /** Runs a cell; false where it failed, which is reported to the executor's console. */
  execute(code: string): Promise<boolean>
  interrupt(): void
  /** The variables of all cells. */
  readonly locals: Record<string, unknown>
}

export interface ExecutorConsole {
  log(value: unknown): void
  error(...values: unknown[]): void
}

export type CreateExecutor = (root: string, converters: Converters, console: ExecutorConsole) => Executor

/** tslab's own `require`, which its modules are changed through. */
export const tslabRequire = createRequire(createRequire(import.meta.url).resolve('tslab/bin/tslab'))

/** The TypeScript that compiles cells. */
export const ts = tslabRequire('@tslab/typescript-for-tslab') as typeof TypeScript

/** The file that tslab keeps the declarations of earlier cells in. */
export const isEarlierCells = ({ fileName }: TypeScript.SourceFile): boolean => fileName.endsWith('/__prev__.d.ts')

/** The file that tslab keeps a cell in. */
export const isCell = ({ fileName }: TypeScript.SourceFile): boolean => /\/__tslab__\.[jt]s$/.test(fileName)

/** The text that tslab puts before a cell's. */
export const cellPrefix = `export {};${ts.sys.newLine}`
