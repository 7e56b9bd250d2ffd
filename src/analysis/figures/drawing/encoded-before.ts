import type { Treatment } from '../../../study/treatment.js'
import type { CopyPart } from '../../../study/trial.js'

/**
 * Returns the time in milliseconds right before a part's COPY in which its worker encoded it; 0 for
 * `queue`, where parts are encoded ahead while their worker loads others.
 */
export function encodedBeforeMs({ encodeMs }: CopyPart, { dispatch }: Pick<Treatment, 'dispatch'>): number {
  return dispatch === 'split' ? encodeMs : 0
}
