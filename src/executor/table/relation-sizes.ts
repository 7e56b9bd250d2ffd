/** SQL expressions for the bytes of a relation: without its indexes, of these, and all together. */
export interface RelationSizes {
  readonly table: string
  readonly indexes: string
  readonly total: string
}

/**
 * SQL expressions for the sizes of the relation that an expression names. The coordinator of a
 * Citus cluster holds none of the records of a distributed table: its sizes are those of the shards
 * on all nodes.
 */
export function relationSizes(relation: string, isDistributed: boolean): RelationSizes {
  if (!isDistributed) {
    return {
      table: `pg_relation_size(${relation})`,
      indexes: `pg_indexes_size(${relation})`,
      total: `pg_total_relation_size(${relation})`,
    }
  }
  return {
    table: `citus_relation_size(${relation})`,
    indexes: `(citus_total_relation_size(${relation}) - citus_table_size(${relation}))`,
    total: `citus_total_relation_size(${relation})`,
  }
}
