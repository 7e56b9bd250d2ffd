import { isNumberedTable } from '../../../footprint/mark.js'

/** Names of the study's schema that are the executor's own: its tables, and the observer. */
const reserved = ['records', 'records_before', 'existing', 'existing_source', 'observe']

/** Maximum length of a name on a server, in bytes. */
const maxBytes = 63

/** Gives each relation of a study's schema a name of its own. */
export interface OwnNames {
  /** The name itself, cut where it is too long, or with a number where it is taken. */
  take(wanted: string): string
}

/** Returns names of which none is taken but the executor's own. */
export function makeOwnNames(): OwnNames {
  const taken = new Set(reserved)
  return {
    take(wanted) {
      let name = cut(wanted, maxBytes)
      const isTaken = (): boolean => taken.has(name) || isNumberedTable(name)
      for (let n = 2; isTaken(); n++) name = `${cut(wanted, maxBytes - `_${n}`.length)}_${n}`
      taken.add(name)
      return name
    },
  }
}

function cut(name: string, bytes: number): string {
  let short = name
  while (Buffer.byteLength(short) > bytes) short = [...short].slice(0, -1).join('')
  return short
}
