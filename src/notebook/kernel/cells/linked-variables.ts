import { linkName } from './transform-cell.js'

/** Sets a variable inside of the cell that declared it. */
type Setter = (value: unknown) => void

/** A name that a cell declares. */
export interface DeclaredName {
  readonly name: string
  /**
   * Whether it is the variable that an earlier cell declared: again by `let` or `var`, with a value
   * that fits its type.
   */
  readonly isSame: boolean
}

/** The variables of cells while a cell runs. */
export interface LinkedVariables {
  /** A cell that declares these names begins. */
  begin(names: readonly DeclaredName[]): void
  /**
   * The cell that began has ended. What it declared stays; where it failed, what was there before
   * is restored.
   */
  end(isOk: boolean): void
}

/**
 * How many cells that declared one variable again are remembered, so that one that is run again and
 * again does not hold all that it held.
 */
const maxCells = 100

/**
 * Lets an assignment in a later cell, or another declaration of the same variable, reach what
 * functions of an earlier cell hold, by the setters that the earlier cell gave (`transformCell`). A
 * constant that is declared again, and a name that gets another type, is a new variable: functions
 * keep theirs, which they were checked with. `variables` is tslab's object of variables, which
 * later cells see through the links.
 */
export function linkVariables(variables: Record<string, unknown>): LinkedVariables {
  const setters = new Map<string, readonly Setter[]>()
  let isLinking = false
  /**
   * Setters of variables that no function holds, so that nobody sees them when their cell has
   * ended.
   */
  let passing: readonly (readonly [string, Setter])[] = []
  let before: readonly { readonly name: string; readonly value: unknown; readonly setters: readonly Setter[] }[] = []
  const set = (name: string, value: unknown): void => {
    variables[name] = value
    // A setter assigns to the cell's own variable, which is exported, and so comes here again.
    if (isLinking) return
    isLinking = true
    try {
      for (const setter of setters.get(name) ?? []) setter(value)
    } finally {
      isLinking = false
    }
  }
  const exports = new Proxy(variables, {
    set(_, name, value) {
      set(name as string, value)
      return true
    },
  })
  const global = globalThis as Record<string, unknown>
  global[linkName] = {
    ...(global[linkName] as object),
    exports,
    link(captured: Readonly<Record<string, Setter>>, others: Readonly<Record<string, Setter>>) {
      passing = Object.entries(others)
      for (const [name, setter] of [...Object.entries(captured), ...passing]) {
        setters.set(name, [...(setters.get(name) ?? []), setter].slice(-maxCells))
      }
    },
  }
  return {
    begin(names) {
      before = names.map(({ name }) => ({ name, value: variables[name], setters: setters.get(name) ?? [] }))
      for (const { name, isSame } of names) if (!isSame) setters.delete(name)
    },
    end(isOk) {
      for (const [name, setter] of passing) {
        setters.set(
          name,
          (setters.get(name) ?? []).filter((other) => other !== setter),
        )
      }
      passing = []
      if (isOk) return
      for (const { name, value, setters: earlier } of before) {
        setters.set(name, earlier)
        set(name, value)
      }
    },
  }
}
