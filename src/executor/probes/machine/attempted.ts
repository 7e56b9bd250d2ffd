import { isDisconnected } from '../../footprint/change.js'

/** A fact, or the reason why it is not known. */
export type Attempted<T> =
  | { readonly value: T; readonly reason: null }
  | { readonly value: null; readonly reason: string }

/**
 * Reads a fact, or returns the reason why it is not known: what the server said when it refused,
 * `absent` where there is none. Rejects when the connection is lost.
 */
export async function attempted<T>(read: () => Promise<T | null>, absent: string): Promise<Attempted<T>> {
  try {
    const value = await read()
    return value === null ? { value: null, reason: absent } : { value, reason: null }
  } catch (error) {
    if (isDisconnected(error)) throw error
    return { value: null, reason: `the server refused: ${(error as Error).message}` }
  }
}
