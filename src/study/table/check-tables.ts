import type { Plan } from '../plan.js'
import type { Treatment } from '../treatment.js'
import { distributionOf, hasPartitions, layoutOf } from './layout-of.js'

type Given = Pick<Plan, 'definition' | 'meanings'>

/**
 * Throws `TypeError` where treatments give each worker a table of its own, or freeze rows, and the
 * table or other levels do not allow it.
 */
export function checkTables({ treatments, ...given }: Given & Pick<Plan, 'treatments'>): void {
  for (const treatment of treatments) {
    if (treatment.target !== 'table') continue
    if (treatment.tables === 'per-worker') checkWorkerTables(given, treatment)
    if (treatment.freeze) checkFreeze(given, treatment)
  }
}

function checkWorkerTables({ definition, meanings }: Given, treatment: Treatment): void {
  if (distributionOf(meanings, treatment) !== null) {
    throw new TypeError(
      "Expected `tables: 'one'` of a distributed table, got 'per-worker': a worker's table inherits from the one table, which Citus allows of none that is distributed",
    )
  }
  if (hasPartitions(definition, meanings, treatment)) {
    throw new TypeError(
      `Expected \`tables: 'one'\` of a table with partitions, got 'per-worker': a worker's table inherits from the one table, which PostgreSQL allows of none with partitions, and it can be no partition itself, since no column says which worker loaded a record; take a layout without partitions (--layout plain=partitions:0), or one table`,
    )
  }
  if (treatment.existingRows > 0) {
    throw new TypeError(
      `Expected no \`existingRows\` with \`tables: 'per-worker'\`, got ${treatment.existingRows}: a worker's table of its own begins empty, and rows of another table change nothing for its load`,
    )
  }
  const parts = definition === null ? [] : layoutOf(definition, meanings, treatment).parts
  const own = parts.find(({ kind, sql }) => kind === 'foreign key' && sql.includes(') REFERENCES records('))
  if (own) {
    throw new TypeError(
      `Expected \`tables: 'one'\` of a table whose foreign key \`${own.name}\` refers to itself, got 'per-worker': a record would not be found where another worker's table has it; leave the key out by a layout (--layout apart=${own.name}), or take one table`,
    )
  }
}

function checkFreeze({ definition, meanings }: Given, treatment: Treatment): void {
  if (distributionOf(meanings, treatment) !== null) {
    throw new TypeError(
      'Expected `freeze` off for a distributed table, got on: its shards are other tables than the one that the transaction truncates',
    )
  }
  const { tables, workers, existingRows } = treatment
  if (hasPartitions(definition, meanings, treatment)) {
    throw new TypeError(
      'Expected `freeze` off for a table with partitions, got on: PostgreSQL refuses COPY FREEZE of a partitioned table; take a layout without partitions (--layout plain=partitions:0)',
    )
  }
  if (existingRows > 0 && tables === 'one') {
    throw new TypeError(
      `Expected \`freeze\` off with \`existingRows\`, got on with ${existingRows}: COPY FREEZE needs a table that its transaction truncates, which would remove them`,
    )
  }
  if (workers > 1 && tables === 'one') {
    throw new TypeError(
      `Expected \`freeze\` with one worker, or a table per worker, got ${workers} workers of one table: each would wait for the other's TRUNCATE; add \`tables: 'per-worker'\` (--tables per-worker)`,
    )
  }
}
