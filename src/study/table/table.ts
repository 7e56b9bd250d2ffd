/**
 * PostgreSQL type of a column, and the JavaScript value that a record holds for it:
 * `int2 int4 float4 float8` number; `int8` number or bigint; `text numeric uuid jsonb` string;
 * `bool` boolean; `date timestamp timestamptz` Date, or milliseconds since 1970-01-01 UTC as a
 * number (fractions down to the microsecond; `Infinity` for `infinity`); `bytea` Uint8Array;
 * `int4[]` and the like a list of such values. Any may be null, elements too.
 */
export type ColumnType = ElementType | `${ElementType}[]`

export const elementTypes = [
  'int2',
  'int4',
  'int8',
  'float4',
  'float8',
  'numeric',
  'text',
  'bool',
  'date',
  'timestamp',
  'timestamptz',
  'uuid',
  'jsonb',
  'bytea',
] as const

/** PostgreSQL type of a column that holds no arrays, or of the elements of one that does. */
export type ElementType = (typeof elementTypes)[number]

/** Every type that a column may have. */
export const columnTypes: readonly ColumnType[] = [
  ...elementTypes,
  ...elementTypes.map((type): `${ElementType}[]` => `${type}[]`),
]

/** Returns the type of an array's elements; null for a type that is not an array. */
export function elementTypeOf(type: ColumnType): ElementType | null {
  return type.endsWith('[]') ? (type.slice(0, -2) as ElementType) : null
}

/**
 * Returns the elements of a column of arrays as a column of their own, with the limit that the
 * column declares; null for a column without arrays.
 */
export function elementOf({ name, type, declared }: Column): Column | null {
  const element = elementTypeOf(type)
  if (element === null) return null
  return declared === undefined ? { name, type: element } : { name, type: element, declared: declared.slice(0, -2) }
}

/** A value of a record, by column type: see `ColumnType`. */
export type Value = number | bigint | string | boolean | Date | Uint8Array | null | readonly Value[]

/** One typed record: its values in the order of the table's columns. */
export type Row = readonly Value[]

/** One column of a table. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /**
   * The type as the table declares it, where it limits the values: `'varchar(20)'`,
   * `'numeric(10,2)'`.
   *
   * @default the type itself
   */
  readonly declared?: string
  /**
   * Whether the column is declared `NOT NULL`.
   *
   * @default false
   */
  readonly notNull?: boolean
  /**
   * The type of the table's column, as PostgreSQL writes it, where records hold another: those of
   * an `inet` column are text.
   *
   * @default the type itself
   */
  readonly stored?: string
}

/**
 * The columns that an input fills of a table that copylab makes, in a schema of the study's own.
 */
export interface Table {
  readonly columns: readonly Column[]
  /** Names of the primary key's columns; empty for none. */
  readonly primaryKey: readonly string[]
  /**
   * Names of columns whose content is not compared with the records', since the server may rewrite
   * it, as it does `1.50` in a `money` column.
   *
   * @default []
   */
  readonly unverified?: readonly string[]
}

/** Returns the columns that are compared with the records, each with its place among all. */
export function verifiedColumns({ columns, unverified = [] }: Table): readonly (readonly [Column, number])[] {
  return columns.flatMap((column, k) => (unverified.includes(column.name) ? [] : [[column, k] as const]))
}

/** Whether a column of the table may hold nulls: primary keys may not. */
export function mayBeNull(table: Table, column: Column): boolean {
  return !column.notNull && !table.primaryKey.includes(column.name)
}
