import type { Study } from '../../study/study.js'
import type { LevelsWithoutEffect } from './study-finding.js'

/** Finds levels that make no difference to a treatment, so that it was run once. */
export function levelsWithoutEffect({ plan: { leftOut } }: Study): LevelsWithoutEffect[] {
  return leftOut.length === 0 ? [] : [{ result: 'finding', code: 'level-without-effect', leftOut, trials: [] }]
}
