import type { ServerFacts } from '../../study/context.js'
import { nameOf } from '../server/connection-error.js'
import type { Left } from './left.js'
import type { OthersObject } from './others-objects.js'
import { isOwnServer } from './own-databases.js'

/** Maximum number of others' objects that are named; the rest is counted. */
const maxNamed = 12

/** "view app.report (owner bob), table copylab_made.notes (owner alice)" */
export function objectsText(objects: readonly OthersObject[]): string {
  const names = objects.slice(0, maxNamed).map(({ kind, name, owner }) => `${kind} ${name} (owner ${owner})`)
  const more = objects.length - names.length
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/**
 * Describes what keeps a schema, or a database, from being removed, and the remedy: "what copylab
 * did not make lies in it or depends on it: … Drop or move that first".
 */
export function reasonText(left: Left): string {
  switch (left.left) {
    case 'not-own':
      return left.marked
        ? `it belongs to another user, ${left.owner}: let that user remove it`
        : `it was not made by copylab, or its comment has been changed; its owner is ${left.owner}`
    case 'others-objects':
      return `what copylab did not make lies in it or depends on it: ${objectsText(left.objects)}. Drop or move that first`
    case 'failed':
    case 'database':
      return left.reason
    default:
      throw new TypeError(`Unknown reason ${left satisfies never}`)
  }
}

/** Returns the message of a session that could not remove its schema from a server. */
export function leftWords(
  left: Left,
  { kind, ...place }: Pick<ServerFacts, 'kind' | 'host' | 'port' | 'database'>,
): string {
  const server = isOwnServer({ kind }) ? kind : 'url'
  const at = nameOf(place)
  const why = `${reasonText(left)}. \`npx copylab clean --server ${server}\` lists and removes what copylab left`
  return left.left === 'database'
    ? `The database ${left.database} is left at ${at}: ${why}`
    : `The schema ${left.schema} is left at ${at}: ${why}`
}

/** Returns the message of a study that cannot begin because of its existing schema. */
export function refusedWords(left: Left): string {
  switch (left.left) {
    case 'not-own':
      return left.marked
        ? `The schema ${left.schema} exists and belongs to another user, ${left.owner}: choose another study name, or let that user remove it with \`npx copylab clean\``
        : `The schema ${left.schema} exists and was not made by copylab: choose another study name, or rename that schema`
    case 'others-objects':
      return `The schema ${left.schema} of an earlier session cannot be removed, since what copylab did not make lies in it or depends on it: ${objectsText(left.objects)}. Drop or move that, or choose another study name`
    case 'failed':
      return `The schema ${left.schema} of an earlier session cannot be removed: ${left.reason}`
    case 'database':
      return `The database ${left.database} of an earlier session cannot be removed: ${left.reason}`
    default:
      throw new TypeError(`Unknown reason ${left satisfies never}`)
  }
}
