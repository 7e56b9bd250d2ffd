import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { ddl, type LikeOptions, like, type NamedTable, type TableSource } from '../../entries/executor.js'
import { wholePath } from '../../project.js'
import { type LayoutChange, parseLayout } from '../../study/factors/layouts.js'

/** Name of the layout that --distribute adds. */
const distributed = 'distributed'

/** Values of the options for the table that is filled. */
export interface TableFlags {
  readonly like?: string
  readonly ddl?: string
  readonly foreignKeys?: string
}

/** Value of the option that adds a layout. */
export interface LayoutFlags {
  readonly distribute?: LayoutChange
}

/** Adds the options for the table that is filled. */
export function addTableOptions(command: Command): Command {
  return command
    .option(
      '--like <table>',
      'fill a table like this one of the same database, such as public.orders, which is only read; by default one that fits the records',
    )
    .option(
      '--foreign-keys <to>',
      'what the foreign keys of that table refer to: copies of the keys (copies), or the real tables (real), which every load then locks',
    )
    .option('--ddl <file>', 'fill a table made by the SQL statements of this file, in which {table} is its name')
}

/** The option for a table that is spread over the nodes of a cluster. */
export function distributeOption(): Option {
  return new Option(
    '--distribute <column>',
    `adds the layout ${distributed}: the table is spread over the nodes of a Citus cluster by this column; more after +, as in id+shards:32 or id+colocate:public.customers. With --layout default the table of one server too`,
  ).argParser((text: string) => parseLayout(`distribute:${text}`))
}

/** The table that the flags ask for; none for one that fits the records. */
export function tableOf(flags: TableFlags): TableSource | undefined {
  requireOne(flags)
  if (flags.foreignKeys !== undefined && flags.like === undefined)
    throw new TypeError('Expected --foreign-keys with --like: the table whose foreign keys they are')
  if (flags.like !== undefined)
    return like(flags.like, { foreignKeys: flags.foreignKeys as LikeOptions['foreignKeys'] })
  return flags.ddl === undefined ? undefined : ddl(flags.ddl)
}

/** What the flags ask for as JSON holds it: a file is seen from the project. */
export function namedTable(flags: TableFlags): NamedTable {
  requireOne(flags)
  if (flags.like !== undefined) return { like: flags.like }
  return flags.ddl === undefined ? {} : { ddl: wholePath(resolve(flags.ddl)) }
}

function requireOne(flags: TableFlags): void {
  if (flags.like !== undefined && flags.ddl !== undefined)
    throw new TypeError('Expected --like or --ddl, got both: a table is made in one way')
}

/** The layouts that the flags ask for; none where they name none. */
export function layoutsOf({ distribute, layout }: LayoutFlags & { readonly layout?: unknown }): object {
  if (distribute === undefined) return {}
  return { layout: { ...(layout as object | undefined), [distributed]: distribute } }
}
