import { inMessage } from '../../../../check.js'
import { nearestName } from '../../../../names.js'
import { type Column, type ColumnType, columnTypes, type ElementType } from '../../../../study/table/table.js'

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

/** PostgreSQL's other name of a type. */
export type Synonym = keyof typeof synonyms
/** Type of a column that holds no arrays, as PostgreSQL spells it. */
export type OneType =
  | ElementType
  | Synonym
  | `varchar(${number})`
  | `character varying(${number})`
  | `float(${number})`
  | `${'numeric' | 'decimal' | 'dec'}(${number})`
  | `${'numeric' | 'decimal' | 'dec'}(${number},${number})`

/** A column's type as PostgreSQL spells it: `'integer'`, `'varchar(20)'`, `'numeric(10,2)[]'`. */
export type TypeSpelling = ColumnType | OneType | `${OneType}[]`

/** What to take for a type that copylab does not read, by PostgreSQL's name of it. */
const remedies: Readonly<Record<string, string>> = {
  ...named(['serial'], 'a file holds the numbers themselves: take integer'),
  ...named(['bigserial'], 'a file holds the numbers themselves: take bigint'),
  ...named(['smallserial'], 'a file holds the numbers themselves: take smallint'),
  ...named(['json'], 'take jsonb, or text to keep the spelling'),
  ...named(['char', 'character', 'bpchar'], 'take varchar or text: char pads with spaces'),
  ...named(['money'], 'it is not read: take numeric, or text'),
  ...named(
    ['time', 'time with time zone', 'time without time zone', 'timetz', 'interval', 'inet', 'cidr', 'macaddr'],
    'it is not read: take text',
  ),
  ...named(
    ['xml', 'bit', 'varbit', 'bit varying', 'name', 'oid', 'citext', 'enum', 'point', 'hstore'],
    'it is not read: take text',
  ),
}

function named(types: readonly string[], remedy: string): Record<string, string> {
  return Object.fromEntries(types.map((type) => [type, remedy]))
}

/**
 * Returns the column of a type that is spelled as PostgreSQL does, in whatever case. A limit, as in
 * `varchar(20)` or `numeric(10,2)`, stands in the column's `declared`. Throws `TypeError` for a
 * type that is not read, naming those that are.
 */
export function columnOf(name: string, spelling: unknown): Column {
  const refuse = (why = ''): never => {
    throw new TypeError(
      `Expected the type of column \`${name}\` to be one of ${typeNames}, got ${inMessage(spelling)}${why && `: ${why}`}`,
    )
  }
  const match = typeof spelling === 'string' ? shape.exec(spelling.trim().toLowerCase().replace(/\s+/g, ' ')) : null
  if (match === null) return refuse()
  const [, words, first, second, zone = '', array] = match
  const base = `${words}${zone}`
  const type = Object.hasOwn(synonyms, base) ? synonyms[base as Synonym] : base
  if (!columnTypes.includes(type as ColumnType)) return refuse(remedyOf(base))
  if (array !== '' && array !== '[]') return refuse(`arrays have one dimension: take ${type}[]`)
  const limited = limitedType(base, type as ElementType, first === undefined ? [] : [first, second].map(Number))
  if (typeof limited === 'string') return refuse(limited)
  const { type: element, declared } = limited
  const column = { name, type: `${element}${array}` as ColumnType }
  return declared === undefined ? column : { ...column, declared: `${declared}${array}` }
}

const shape = /^([a-z][a-z0-9 ]*?) ?(?:\( ?(\d+) ?(?:, ?(-?\d+) ?)?\))?( with(?:out)? time zone)?((?:\[\d*\])*)$/
const typeNames = [...columnTypes.filter((type) => !type.endsWith('[]')), 'arrays of them such as int4[]'].join(', ')

function remedyOf(base: string): string | undefined {
  if (Object.hasOwn(remedies, base)) return remedies[base]
  const nearest = nearestName(base, [...columnTypes, ...Object.keys(synonyms)])
  return nearest === null ? undefined : `did you mean ${nearest}?`
}

type Limited = { readonly type: ElementType; readonly declared?: string }

/** Returns a type with a limit as the table declares it, or why it cannot have the limit. */
function limitedType(base: string, type: ElementType, [first, second]: readonly number[]): Limited | string {
  if (first === undefined) return { type }
  const noLimit = 'its limit is not one that PostgreSQL has'
  const one = second === undefined || Number.isNaN(second)
  switch (base) {
    case 'varchar':
    case 'character varying':
      return one && first >= 1 && first <= 10_485_760 ? { type, declared: `varchar(${first})` } : noLimit
    case 'numeric':
    case 'decimal':
    case 'dec': {
      const scale = one ? 0 : second
      const fits = first >= 1 && first <= 1000 && scale >= -1000 && scale <= 1000
      return fits ? { type, declared: `numeric(${first},${scale})` } : noLimit
    }
    case 'float':
      if (!one || first < 1 || first > 53) return noLimit
      return { type: first <= 24 ? 'float4' : 'float8' }
    default:
      if (!base.startsWith('timestamp')) return 'it has no limit'
      return one && first === 6 ? { type } : `times are kept to the microsecond: leave (${first}) out`
  }
}
