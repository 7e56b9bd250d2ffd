import type { Study } from '../../study/study.js'
import type { DamagedLines } from './study-finding.js'

/** Lines of the study's journal that cannot be trusted, and are not counted. */
export function damagedLines({ journal, damaged }: Study): DamagedLines[] {
  return damaged.length === 0 ? [] : [{ result: 'finding', code: 'damaged-line', journal, lines: damaged, trials: [] }]
}
