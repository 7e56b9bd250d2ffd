import { linkName } from './transform-cell.js'

/** Sets a variable inside of the cell that declared it. */
type Setter = (value: unknown) => void

/** The variables of cells while a cell runs. */
export interface LinkedVariables {
  /** A cell that declares these names begins. */
  begin(names: readonly string[]): void
  /** It has ended: what it declared stays, or, where it failed, what was there before. */
  end(isOk: boolean): void
}

/**
 * Lets an assignment in a later cell reach the variable that functions of an earlier cell hold, by the setters that the earlier cell gave
 * (`transformCell`). A name that is declared again is a new variable: functions keep theirs, as in TypeScript. `variables` are tslab's, which
 * cells from now on see through the links.
 */
export function linkVariables(variables: Record<string, unknown>): LinkedVariables {
  const setters = new Map<string, Setter>()
  let isLinking = false
  let before: readonly { readonly name: string; readonly value: unknown; readonly setter: Setter | undefined }[] = []
  const exports = new Proxy(variables, {
    set(target, name, value) {
      target[name as string] = value
      const setter = setters.get(name as string)
      // A setter assigns to the cell's own variable, which is exported, and so comes here again.
      if (!setter || isLinking) return true
      isLinking = true
      try {
        setter(value)
      } finally {
        isLinking = false
      }
      return true
    },
  })
  const global = globalThis as Record<string, unknown>
  global[linkName] = {
    ...(global[linkName] as object),
    exports,
    link(given: Readonly<Record<string, Setter>>) {
      for (const [name, setter] of Object.entries(given)) setters.set(name, setter)
    },
  }
  return {
    begin(names) {
      before = names.map((name) => ({ name, value: variables[name], setter: setters.get(name) }))
      for (const name of names) setters.delete(name)
    },
    end(isOk) {
      if (isOk) return
      for (const { name, value, setter } of before) {
        variables[name] = value
        if (setter) setters.set(name, setter)
        else setters.delete(name)
      }
    },
  }
}
