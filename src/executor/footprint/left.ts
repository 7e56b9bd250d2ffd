import type { OthersObject } from './others-objects.js'

/** A study's schema, or database, that remains on the server, and why copylab did not remove it. */
export type Left =
  | { readonly left: 'not-own'; readonly schema: string; readonly owner: string; readonly marked: boolean }
  | { readonly left: 'others-objects'; readonly schema: string; readonly objects: readonly OthersObject[] }
  | { readonly left: 'failed'; readonly schema: string; readonly reason: string }
  | { readonly left: 'database'; readonly database: string; readonly reason: string }
