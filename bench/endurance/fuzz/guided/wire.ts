import { encodeMessage, request } from '#copylab/notebook/kernel/wire.js'
import { framesOutcome, published, signed } from '../frames.js'
import type { GuidedTarget } from './target.js'

const [newline, exclamationMark] = [10, 33]

const words = [
  'null',
  '[]',
  '{}',
  'true',
  '3',
  '""',
  '"idle"',
  '"display_id"',
  '"__proto__"',
  '\n',
  '\n{}',
  '\nnull',
  '<IDS|MSG>\n',
]

/**
 * Bytes as two messages of a kernel, one in each half. Line ends part their frames, which are
 * signed as they stand, but where the first byte of a half is an exclamation mark.
 */
export const wireTarget: GuidedTarget = {
  name: 'wire',
  title: "a kernel's messages",
  open: () => ({
    seeds: seeds(),
    words,
    outcome: async (bytes) => {
      const middle = Math.floor(bytes.length / 2)
      const halves = [bytes.subarray(0, middle), bytes.subarray(middle)]
      return framesOutcome(halves.map((half) => (key) => framesOf(half, key)))
    },
  }),
}

function seeds(): Buffer[] {
  const halves = Object.entries(published).map(([type, content]) => {
    const { header, ...message } = request(type, content as Record<string, unknown>, 'fuzz')
    const own = { ...header, msg_id: 'a', date: '' }
    return Buffer.from(
      encodeMessage({ ...message, header: own }, '')
        .slice(2)
        .join('\n'),
    )
  })
  return [
    ...halves.map((half, k) => bothHalves(half, halves[(k + 1) % halves.length]!)),
    Buffer.from('!<IDS|MSG>\n0\n{}\n{}\n{}\n{}'),
  ]
}

/** Two texts as halves of the same length: the end of JSON may be blank. */
function bothHalves(one: Buffer, other: Buffer): Buffer {
  const length = Math.max(one.length, other.length)
  return Buffer.concat([one, other].map((half) => Buffer.concat([half, Buffer.alloc(length - half.length, ' ')])))
}

function framesOf(bytes: Buffer, key: string): Buffer[] {
  const asItStands = bytes[0] === exclamationMark
  const frames: Buffer[] = []
  let rest = asItStands ? bytes.subarray(1) : bytes
  for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
    frames.push(rest.subarray(0, at))
    rest = rest.subarray(at + 1)
  }
  const all = [...frames, rest]
  return asItStands ? all : signed(all, key)
}
