import type { Treatment } from '../../../study/treatment.js'
import type { CopyPart } from '../../../study/trial.js'

/** What decides when parts are encoded. */
export type Arrangement = Pick<Treatment, 'dispatch' | 'client' | 'copiesAhead'>

/**
 * Returns the time in milliseconds right before a part's COPY in which its worker encoded it; 0
 * where parts are encoded ahead while their worker loads others.
 */
export function encodedBeforeMs({ encodeMs }: CopyPart, { dispatch, client, copiesAhead }: Arrangement): number {
  return dispatch === 'split' && client === 'event-loop' && copiesAhead === 0 ? encodeMs : 0
}
