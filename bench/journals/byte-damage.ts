import type { Random } from '#copylab/analysis/statistics/numerics/random.js'
import { type Damage, type Journal, lineEdits, pick, textOf } from './damage.js'

/** A stretch of so many bytes or fewer, where it begins. */
function stretchOf(bytes: Buffer, random: Random, most: number): readonly [from: number, to: number] {
  const from = pick(random, bytes.length)
  return [from, Math.min(bytes.length, from + 1 + pick(random, most))]
}

const randomBytes = (count: number, random: Random): Buffer =>
  Buffer.from(Array.from({ length: count }, () => pick(random, 256)))

/** One change of many bytes: overwritten, put in, cut out, copied from or moved to elsewhere. */
const byteChanges: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const [from, to] = stretchOf(bytes, random, 200)
    return Buffer.concat([bytes.subarray(0, from), randomBytes(to - from, random), bytes.subarray(to)])
  },
  (bytes, random) => {
    const [from, to] = stretchOf(bytes, random, 200)
    return Buffer.concat([bytes.subarray(0, from), randomBytes(to - from, random), bytes.subarray(from)])
  },
  (bytes, random) => {
    const [from, to] = stretchOf(bytes, random, 3_000)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, random) => {
    const [from, to] = stretchOf(bytes, random, 3_000)
    const at = pick(random, bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at)])
  },
  (bytes, random) => {
    const [from, to] = stretchOf(bytes, random, 3_000)
    const rest = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
    const at = pick(random, rest.length)
    return Buffer.concat([rest.subarray(0, at), bytes.subarray(from, to), rest.subarray(at)])
  },
  // A block of a disk.
  (bytes, random) => {
    const block = 512 * pick(random, Math.ceil(bytes.length / 512))
    const other = 512 * pick(random, Math.ceil(bytes.length / 512))
    const held = bytes.subarray(other, other + Math.min(512, bytes.length - block))
    return Buffer.concat([bytes.subarray(0, block), held, bytes.subarray(block + held.length)])
  },
  (bytes, random) => {
    const [from, to] = stretchOf(bytes, random, 20)
    const signs = Buffer.from('0123456789.,:"{}[]\\ntrue-e')
    return Buffer.concat([
      bytes.subarray(0, from),
      Buffer.from(Array.from({ length: to - from }, () => signs[pick(random, signs.length)]!)),
      bytes.subarray(to),
    ])
  },
]

/** Changes of many bytes, one or several, anywhere; and a text of random bytes alone. */
export const byteDamages: readonly Damage[] = [
  ...[1, 2, 5].map((times) => ({
    name: times === 1 ? 'a stretch of bytes changed' : `${times} stretches of bytes changed`,
    apply({ lines }: Journal, random: Random): Buffer {
      const changes = Array.from({ length: times }, () => byteChanges[pick(random, byteChanges.length)]!)
      return changes.reduce<Buffer>((bytes, change) => change(bytes, random), Buffer.from(textOf(lines)))
    },
  })),
  {
    name: 'several lines edited',
    apply(journal, random) {
      const edits = Array.from({ length: 3 }, () => lineEdits[pick(random, lineEdits.length)]!)
      const edited = edits
        .filter(({ forges }) => !forges)
        .reduce<Journal>(({ lines, ...rest }, edit) => {
          const text = lines.length > 2 ? String(edit.apply({ ...rest, lines }, random)) : textOf(lines)
          return { ...rest, lines: text.split('\n').filter((line) => isObject(line)) }
        }, journal)
      return textOf(edited.lines)
    },
  },
  {
    name: 'nothing but random bytes',
    apply: (_, random) => randomBytes(pick(random, 2_000), random),
  },
]

/** Whether a line can be edited further. */
function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
