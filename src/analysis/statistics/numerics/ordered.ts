/**
 * Numbers in ascending order, by their index from 0: a sorted list, or what finds them like one.
 */
export type Ordered = Pick<readonly number[], 'length' | 'at'>
