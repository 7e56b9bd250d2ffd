import type pg from 'pg'
import { listed } from '../../../names.js'
import { withoutMark } from '../statement-names.js'
import { selectRows } from './catalogue.js'
import type { CopiedTable } from './like/copied-table.js'
import { drawsFromSequence, writtenTables } from './written-tables.js'

/** A default that would change something of the user's, each time that it fills a column. */
export interface UnsafeDefault {
  readonly table: number
  /** Number of the column in its table. */
  readonly column: number
  /** What it is and does: "the default of id, whose function app.next() draws from a sequence". */
  readonly words: string
}

interface DefaultRow {
  readonly table: number
  readonly column: number
  readonly name: string
  readonly expression: string
  /** The domain that has the default; null where the column itself has it. */
  readonly domain: string | null
  readonly functions: readonly { readonly name: string; readonly source: string }[]
}

/**
 * Finds defaults that draw from a sequence which they name by text alone, or whose functions write
 * into tables or draw from sequences, as far as their text tells. The first of `tables` is the
 * table itself, the others are its partitions.
 */
export async function selectUnsafeDefaults(
  client: pg.Client,
  tables: readonly Pick<CopiedTable, 'oid' | 'original'>[],
): Promise<UnsafeDefault[]> {
  const rows = await selectRows<DefaultRow>(
    client,
    `SELECT relation AS table, number AS column, format('%I', attname) AS name, expression, domain,
            (SELECT coalesce(json_agg(json_build_object('name', format('%I.%I()', nspname, proname),
                                                        'source', coalesce(pg_get_function_sqlbody(called.oid), prosrc))), '[]')
             FROM pg_depend JOIN pg_proc AS called ON called.oid = refobjid JOIN pg_namespace AS space ON space.oid = pronamespace
             WHERE classid = class AND objid = object AND refclassid = 'pg_proc'::regclass) AS functions
     FROM (
       SELECT adrelid AS relation, adnum AS number, pg_get_expr(adbin, adrelid) AS expression, NULL AS domain,
              'pg_attrdef'::regclass AS class, oid AS object
       FROM pg_attrdef WHERE adrelid = ANY ($1)
       UNION ALL
       SELECT attrelid, attnum, typdefault, format_type(atttypid, NULL), 'pg_type'::regclass, atttypid
       FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
       WHERE attrelid = ANY ($1) AND typtype = 'd' AND typdefault IS NOT NULL AND NOT atthasdef AND attidentity = ''
     ) AS filled JOIN pg_attribute ON attrelid = relation AND attnum = number
     ORDER BY array_position($1::oid[], relation), number`,
    [tables.map(({ oid }) => oid)],
  )
  return rows.flatMap(({ table, column, name, ...filled }) => {
    const effect = effectOf(filled)
    if (effect === null) return []
    const place = tables.findIndex(({ oid }) => oid === table)
    const part = place === 0 ? '' : ` in the partition ${withoutMark(tables[place]!.original)}`
    return [{ table, column, words: `the default of ${name}${part}, ${effect}` }]
  })
}

/** A constant that is a sequence is one that the server knows of, and that a copy can replace. */
function namesSequenceByText(expression: string): boolean {
  const withoutTexts = expression.replace(/'(?:[^']|'')*'/g, "''")
  return /\b(?:nextval|setval)\((?!''::regclass)/.test(withoutTexts)
}

function effectOf({
  expression,
  domain,
  functions,
}: Pick<DefaultRow, 'expression' | 'domain' | 'functions'>): string | null {
  if (domain !== null && drawsFromSequence(expression)) return `whose type ${domain} draws from a sequence`
  if (namesSequenceByText(expression)) return 'which finds its sequence by a text'
  return functions.map(effectOfFunction).find((effect) => effect !== null) ?? null
}

function effectOfFunction({ name, source }: DefaultRow['functions'][number]): string | null {
  const written = writtenTables(source)
  if (written.length > 0) return `whose function ${name} writes to ${listed(written, 6)}`
  return drawsFromSequence(source) ? `whose function ${name} draws from a sequence` : null
}
