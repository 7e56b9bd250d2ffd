import { inMessage } from '../../../../check.js'
import { nearestName } from '../../../../names.js'
import { type Column, type ColumnType, columnTypes, type ElementType } from '../../../../study/table.js'

/** PostgreSQL's other names of the types (the manual, table 8.1), and the names used here. */
const synonyms = {
  smallint: 'int2',
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  real: 'float4',
  float: 'float8',
  'double precision': 'float8',
  decimal: 'numeric',
  dec: 'numeric',
  varchar: 'text',
  'character varying': 'text',
  boolean: 'bool',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
} as const satisfies Record<string, ElementType>

type Synonym = keyof typeof synonyms
type OneType =
  | ElementType
  | Synonym
  | `varchar(${number})`
  | `character varying(${number})`
  | `${'numeric' | 'decimal' | 'dec'}(${number})`
  | `${'numeric' | 'decimal' | 'dec'}(${number},${number})`

/** A column's type as PostgreSQL spells it: `'integer'`, `'varchar(20)'`, `'numeric(10,2)[]'`. */
export type TypeSpelling = ColumnType | OneType | `${OneType}[]`

/** Types that hold no values of a file as they stand, or that copylab does not read. */
const remedies: Readonly<Record<string, string>> = {
  serial: 'a file holds the numbers themselves: take integer',
  bigserial: 'a file holds the numbers themselves: take bigint',
  smallserial: 'a file holds the numbers themselves: take smallint',
  json: 'take jsonb, or text to keep the spelling',
  char: 'take varchar or text: char pads with spaces',
  character: 'take varchar or text: char pads with spaces',
  bpchar: 'take varchar or text: char pads with spaces',
}

/**
 * Returns the column of a type that is spelled as PostgreSQL does, in whatever case. A limit, as in
 * `varchar(20)` or `numeric(10,2)`, stands in the column's `declared`. Throws `TypeError` for a type
 * that is not read, naming those that are.
 */
export function columnOf(name: string, spelling: unknown): Column {
  const refuse = (why: string): never => {
    throw new TypeError(
      `Expected the type of column \`${name}\` to be one of ${typeNames}, got ${inMessage(spelling)}${why}`,
    )
  }
  if (typeof spelling !== 'string') return refuse('')
  const match = shape.exec(spelling.trim().toLowerCase().replace(/\s+/g, ' '))
  if (match === null) return refuse('')
  const [, words, first, second, array = ''] = match
  const base = words!.trim()
  const type = Object.hasOwn(synonyms, base) ? synonyms[base as Synonym] : base
  const limit = first === undefined ? null : second === undefined ? [Number(first)] : [Number(first), Number(second)]
  if (limit === null) {
    const whole = `${type}${array}`
    if (columnTypes.includes(whole as ColumnType)) return { name, type: whole as ColumnType }
    const remedy = Object.hasOwn(remedies, base) ? remedies[base]! : null
    const nearest = nearestName(base, [...columnTypes, ...Object.keys(synonyms)])
    return refuse(remedy !== null ? `: ${remedy}` : nearest ? `: did you mean ${nearest}?` : '')
  }
  const declared = limitedType(base, type, limit)
  if (declared === null) return refuse(': its limit is not one that is read')
  if ('type' in declared) return { name, type: `${declared.type}${array}` as ColumnType }
  return { name, type: `${type}${array}` as ColumnType, declared: `${declared.text}${array}` }
}

const shape = /^([a-z][a-z0-9 ]*?) ?(?:\( ?(\d+) ?(?:, ?(-?\d+) ?)?\))?(\[\])?$/
const typeNames = [...columnTypes.filter((type) => !type.endsWith('[]')), 'arrays of them such as int4[]'].join(', ')

/** Returns a type with a limit as the table declares it; null for a limit that it cannot have. */
function limitedType(
  base: string,
  type: string,
  [first, second]: readonly number[],
): { readonly text: string } | { readonly type: ElementType } | null {
  if (base === 'varchar' || base === 'character varying') {
    return second === undefined && first! >= 1 && first! <= 10_485_760 ? { text: `varchar(${first})` } : null
  }
  if (type === 'numeric') {
    const scale = second ?? 0
    const fits = first! >= 1 && first! <= 1000 && scale >= -1000 && scale <= 1000
    return fits ? { text: `numeric(${first},${scale})` } : null
  }
  if (base === 'float') {
    return second === undefined && first! >= 1 && first! <= 53 ? { type: first! <= 24 ? 'float4' : 'float8' } : null
  }
  return null
}
