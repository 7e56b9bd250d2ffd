import { readArrayText } from '../../../fields/array-text.js'
import { Candidate, type Kind } from './candidate.js'
import { allReadings, readingsOf } from './number-readings.js'
import { booleanWords } from './words.js'

/** Evidence that a column holds two words for true and false. */
export class BooleanCandidate extends Candidate {
  override readonly kind = 'bool'
  /** Places in `booleanWords` of the pairs that all values so far belong to. */
  pairs: readonly number[] = booleanWords.map((_, k) => k)
  /** The words that occurred, in lower case. */
  readonly seen = new Set<string>()

  override fits(text: string): boolean {
    return this.pairs.some((k) => booleanWords[k]!.includes(text.toLowerCase()))
  }

  protected override takes(text: string): boolean {
    const word = text.toLowerCase()
    if (this.seen.has(word)) return true
    const left = this.pairs.filter((k) => booleanWords[k]!.includes(word))
    if (left.length === 0) return false
    this.pairs = left
    this.seen.add(word)
    return true
  }
}

/** Evidence that all values of a column have the shape of a kind. */
export class ShapeCandidate extends Candidate {
  constructor(
    override readonly kind: Exclude<Kind, 'bool' | 'number' | 'date' | 'array'>,
    override readonly fits: (text: string) => boolean,
  ) {
    super()
  }

  protected override takes(text: string): boolean {
    return this.fits(text)
  }
}

/** Evidence that a column holds arrays as PostgreSQL writes them. */
export class ArrayCandidate extends Candidate {
  override readonly kind = 'array'
  /** The narrowest type of all elements so far. */
  elements: 'int4' | 'int8' | 'numeric' | 'text' = 'int4'

  override fits(text: string): boolean {
    return readArrayText(text) !== null
  }

  protected override takes(text: string): boolean {
    const elements = readArrayText(text)
    if (elements === null) return false
    for (const element of elements)
      if (element !== null && this.elements !== 'text') this.elements = elementType(element, this.elements)
    return true
  }
}

function elementType(text: string, soFar: 'int4' | 'int8' | 'numeric'): ArrayCandidate['elements'] {
  if (readingsOf(text).number !== allReadings) return /^[+-]?\d+\.\d+$/.test(text) ? 'numeric' : 'text'
  const value = BigInt(text)
  if (soFar === 'int4' && BigInt.asIntN(32, value) === value) return 'int4'
  return soFar !== 'numeric' && BigInt.asIntN(64, value) === value ? 'int8' : 'numeric'
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const byteaShape = /^\\x([0-9a-f]{2})*$/i

/** Makes the candidates that are told by their shape alone. */
export const shapeCandidates = {
  uuid: () => new ShapeCandidate('uuid', (text) => uuidShape.test(text)),
  bytea: () => new ShapeCandidate('bytea', (text) => byteaShape.test(text)),
  json: () => new ShapeCandidate('json', isJsonContainer),
}

/** Whether a text is a JSON object or array; other JSON is better called a number or text. */
function isJsonContainer(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
