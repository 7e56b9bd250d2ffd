import fc from 'fast-check'

/** A change of one place of a JSON value. */
export interface Edit {
  /** Which of all places, counted from the outermost; beyond the last it begins anew. */
  readonly at: number
  readonly how: 'replace' | 'remove' | 'double' | 'rename' | 'add' | 'copy' | 'nest'
  /** What comes in its place, or is added. */
  readonly value: unknown
  /** A member's new name. */
  readonly name: string
  /** The place that is copied here. */
  readonly from: number
}

/** Names that an object already knows, empty ones, long ones. */
const oddNames = ['__proto__', 'constructor', 'toString', 'length', '', ' ', 'kind', 'id', 'a', 'x'.repeat(300)]

const oddValues = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1.5,
    1e300,
    2 ** 53,
    '',
    'x',
    ' ',
    true,
    false,
    [],
    {},
    [null],
    ['x'],
    [[]],
    [{}],
  ),
  fc.constantFrom<unknown>('\ud800', '\0', '\u202e', '<script>', '${', '\\', '```', 'x'.repeat(5_000), '2001-02-30'),
  fc.string({
    unit: fc.constantFrom('a', 'Z', '1', ' ', '\n', '\0', '"', '$', '<', 'é', '\u2028', '\udc00', '😀'),
    maxLength: 30,
  }),
  fc.jsonValue({ maxDepth: 3 }),
)

/**
 * A few changes of a JSON value. Of the values that come in the place of others, half are from
 * `own`: values that the reader may well take.
 */
export function editsWith(own: fc.Arbitrary<unknown>): fc.Arbitrary<readonly Edit[]> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.nat({ max: 20_000 }),
    how: fc.constantFrom('replace', 'replace', 'remove', 'double', 'rename', 'add', 'copy', 'copy', 'nest'),
    value: fc.oneof(own, oddValues),
    name: fc.oneof(fc.constantFrom(...oddNames), fc.string({ maxLength: 8 })),
    from: fc.nat({ max: 20_000 }),
  })
  return fc.array(edit, { maxLength: 5 })
}

type Holder = Record<string | number, unknown>

interface Place {
  readonly holder: Holder
  readonly name: string | number
}

/** A copy of a JSON value with changes made one after the other. */
export function edited(value: unknown, changes: readonly Edit[]): unknown {
  const root: Holder = { value: structuredClone(value) }
  for (const change of changes) {
    const places = placesIn(root)
    if (places.length > 0) changePlace(places, change)
  }
  return root.value
}

function changePlace(places: readonly Place[], { at, how, value: given, name, from }: Edit): void {
  const { holder, name: own } = places[at % places.length]!
  // The next change may concern it, and the same value may be drawn again, even for a place within
  // it.
  const value = structuredClone(given)
  const held = holder[own]
  if (how === 'replace') put(holder, own, value)
  else if (how === 'nest') put(holder, own, [held])
  else if (how === 'copy') {
    const source = places[from % places.length]!
    put(holder, own, structuredClone(source.holder[source.name]))
  } else if (how === 'add') {
    if (Array.isArray(held)) held.push(value)
    else if (isHolder(held)) put(held, name, value)
  } else if (Array.isArray(holder)) {
    if (how === 'remove') holder.splice(own as number, 1)
    else if (how === 'double') holder.splice(own as number, 0, structuredClone(held))
  } else if (how === 'remove') delete holder[own]
  else if (how === 'rename') {
    delete holder[own]
    put(holder, name, held)
  }
}

/** Sets a member of its own, whatever it is called. */
function put(holder: Holder, name: string | number, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null
}

/** Every place, the outer ones first; goes level by level, so that no depth is too much for it. */
function placesIn(root: Holder): Place[] {
  const placesOf = (holder: Holder): Place[] => Object.keys(holder).map((name) => ({ holder, name }))
  const places = placesOf(root)
  for (let k = 0; k < places.length; k++) {
    const { holder, name } = places[k]!
    const held = holder[name]
    if (isHolder(held)) for (const inner of placesOf(held)) places.push(inner)
  }
  return places
}

/** Some bytes in the place of others. */
export interface Splice {
  /** Where, as a share of the text's length. */
  readonly at: number
  /** How many are taken away. */
  readonly taken: number
  readonly put: Uint8Array
}

/** A few splices of a text's bytes: cuts, insertions, other bytes. */
export const splices: fc.Arbitrary<readonly Splice[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    taken: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 400 })),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom('{', '}', '[', ']', '"', ',', ':', '\\u0000', 'null', '1e999', '\n', '\ufeff')
        .map((text) => Buffer.from(text)),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

/** None at all, most of the time. */
export const seldomSpliced: fc.Arbitrary<readonly Splice[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: splices },
)

/** The bytes after the splices, made one after the other. */
export function spliced(bytes: Uint8Array, changes: readonly Splice[]): Buffer {
  return changes.reduce((text: Buffer, { at, taken, put: other }) => {
    const from = Math.floor(at * text.length)
    return Buffer.concat([text.subarray(0, from), other, text.subarray(from + taken)])
  }, Buffer.from(bytes))
}
