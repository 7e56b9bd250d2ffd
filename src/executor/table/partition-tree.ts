/**
 * SQL for the rows `relid` of a table and of its partitions of all levels; `table` is an SQL
 * expression of type `regclass`. A table without partitions has no partition tree.
 */
export const partitionTreeSql = (table: string): string =>
  `SELECT ${table} AS relid UNION SELECT relid FROM pg_partition_tree(${table})`
