/** The password of the file that PGPASSFILE names, as libpq finds it; undefined where there is none. */

import { existsSync, readFileSync } from 'node:fs'

export function password() {
  const { PGPASSFILE = '', PGHOST, PGPORT = '5432', PGUSER, PGDATABASE = PGUSER } = process.env
  if (!existsSync(PGPASSFILE)) return undefined
  const wanted = [PGHOST, PGPORT, PGDATABASE, PGUSER]
  for (const line of readFileSync(PGPASSFILE, 'utf8').split('\n')) {
    // A backslash stands before a colon or a backslash that is meant.
    const fields = (line.match(/(?:\\.|[^:\\])+/g) ?? []).map((field) => field.replace(/\\(.)/g, '$1'))
    if (fields.length === 5 && wanted.every((value, k) => fields[k] === '*' || fields[k] === value)) return fields[4]
  }
  return undefined
}
