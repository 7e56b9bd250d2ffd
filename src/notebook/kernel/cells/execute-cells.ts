import { types } from 'node:util'
import type { CellProgram } from './cell-program.js'
import { correctedConverter } from './convert-cells.js'
import { linkVariables } from './linked-variables.js'
import type { Converters, CreateExecutor, ExecutorConsole } from './tslab.js'

/** Parts of an executor of cells: tslab's own executor, and the display of a cell's last value. */
export interface CellExecutorOptions {
  readonly createExecutor: CreateExecutor
  /** The cell that was compiled last. */
  readonly latest: () => CellProgram
  /** Shows the value of a cell's last line, awaited where it was a promise. */
  readonly showLast: (value: unknown) => Promise<void>
}

/** A `createExecutor` for tslab whose cells are TypeScript as its readers expect it. */
export function correctedExecutor({ createExecutor, latest, showLast }: CellExecutorOptions): CreateExecutor {
  return (root, converters, console) => {
    let hasBegun = false
    const node = (): Converters['node'] =>
      correctedConverter(converters.node, latest, (names) => {
        hasBegun = true
        variables.begin(names)
      })
    let last: { readonly value: unknown } | null = null
    const corrected = Object.create(converters, { node: { get: node } }) as Converters
    const log = (value: unknown): void => {
      last = { value }
    }
    const executor = createExecutor(root, corrected, { ...console, log })
    const variables = linkVariables(executor.locals)
    let interruptLast = (): void => {}
    return {
      ...executor,
      async execute(code) {
        last = null
        hasBegun = false
        const isOk = await executor.execute(code)
        if (hasBegun) variables.end(isOk)
        const value = isOk ? (last as { readonly value: unknown } | null) : null
        if (value === null) return isOk
        const interrupted = new Promise<never>((_, reject) => {
          interruptLast = () => reject(new Error('Interrupted asynchronously'))
        })
        interrupted.catch(() => {})
        return showAwaited(value.value, interrupted, showLast, console)
      },
      interrupt() {
        executor.interrupt()
        interruptLast()
      },
    }
  }
}

/** Shows a cell's last value; false where it was a promise that failed. */
async function showAwaited(
  value: unknown,
  interrupted: Promise<never>,
  showLast: CellExecutorOptions['showLast'],
  console: ExecutorConsole,
): Promise<boolean> {
  try {
    const shown = types.isPromise(value) ? await Promise.race([value, interrupted]) : value
    if (shown !== undefined && shown !== null) await showLast(shown)
    return true
  } catch (error) {
    console.error(error)
    return false
  }
}
