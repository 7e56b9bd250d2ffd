import type { Study } from '../../study/study.js'
import type { LargeBatches, LevelsWithoutEffect } from './study-finding.js'

/** Finds levels that make no difference to a treatment, so that it was run once. */
export function levelsWithoutEffect({ plan: { leftOut } }: Study): LevelsWithoutEffect[] {
  return leftOut.length === 0 ? [] : [{ result: 'finding', code: 'level-without-effect', leftOut, trials: [] }]
}

/** Finds batch sizes at which one batch holds all records, so that they load the same. */
export function largeBatches({ plan, contexts }: Study): LargeBatches[] {
  const records = contexts.at(-1)?.input.records
  if (records === undefined) return []
  const sizes = [...new Set(plan.treatments.map(({ batchSize }) => batchSize))].filter((size) => size >= records)
  if (sizes.length < 2) return []
  return [{ result: 'finding', code: 'large-batches', sizes: sizes.sort((a, b) => a - b), records, trials: [] }]
}
