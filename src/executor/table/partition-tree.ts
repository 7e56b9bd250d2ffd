import { mark } from '../footprint/mark.js'

/**
 * SQL for the rows `relid` of a table, of its partitions of all levels, and of the workers' tables
 * that inherit from it; `table` is an SQL expression of type `regclass`. A table without partitions
 * has no partition tree. Heirs that others gave it are not among them.
 */
export const partitionTreeSql = (table: string): string =>
  `SELECT ${table} AS relid UNION SELECT relid FROM pg_partition_tree(${table})
   UNION SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = ${table} AND obj_description(inhrelid, 'pg_class') = '${mark}'`
