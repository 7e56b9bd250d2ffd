import type { Analyse, Column, Input, InputFile, Line, Table } from './input.js'
import { checkInteger } from './options.js'

export interface SyntheticOptions {
  /** How many; 100,000 when absent. */
  readonly records?: number
  /** Bytes of text in a record; 200 when absent. */
  readonly width?: number
  /** Text columns that share the width; 4 when absent. */
  readonly columns?: number
  /** The same seed gives the same records; 1 when absent. */
  readonly seed?: number
  /** Records to pass over first; 0 when absent. */
  readonly offset?: number
}

const recordsPerFile = 50_000
const recordsPerChunk = 500
/** 64 characters, so that six random bits make one. */
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')

/**
 * Made-up records of any number and width, without files: a number from 0 and columns of random letters. A record depends on the seed and its
 * number alone.
 */
export function synthetic(options: SyntheticOptions = {}): Input {
  const { records = 100_000, width = 200, columns = 4, seed = 1, offset = 0 } = options
  checkInteger('records', records, 1)
  checkInteger('columns', columns, 1)
  checkInteger('width', width, columns)
  checkInteger('seed', seed, 0)
  checkInteger('offset', offset, 0)
  const widths = Array.from(
    { length: columns },
    (_, k) => Math.floor(((k + 1) * width) / columns) - Math.floor((k * width) / columns),
  )
  const texts = widths.map((_, k): Column => ({ name: `text_${k + 1}`, type: 'text', notNull: true }))
  const table: Table = { columns: [{ name: 'id', type: 'int8', notNull: true }, ...texts], primaryKey: ['id'] }
  const end = offset + records
  return {
    name: 'synthetic',
    table,
    offset,
    limit: records,
    onBadRecord: 'stop',
    describe: () => ({ kind: 'synthetic', records, width, columns, seed, offset }),
    files: async () =>
      Array.from({ length: Math.ceil(end / recordsPerFile) }, (_, k): InputFile => {
        const first = k * recordsPerFile
        const count = Math.min(recordsPerFile, end - first)
        return {
          name: `synthetic-${String(k + 1).padStart(5, '0')}`,
          records: count,
          read: () => makeLines(first, count, widths, seed),
          analyse: () => makeAnalyse(columns),
        }
      }),
  }
}

/** Lines of the number and the texts, parted by commas. */
async function* makeLines(
  first: number,
  count: number,
  widths: readonly number[],
  seed: number,
): AsyncGenerator<readonly Line[]> {
  const bytes = Buffer.alloc(widths.reduce((sum, width) => sum + width + 1, 0))
  for (let start = 0; start < count; start += recordsPerChunk) {
    const lines: Line[] = []
    for (let k = start; k < Math.min(count, start + recordsPerChunk); k++) {
      fillTexts(bytes, widths, seed, first + k)
      lines.push({ text: `${first + k}${bytes.toString('latin1')}`, number: k + 1 })
    }
    yield lines
  }
}

function fillTexts(bytes: Buffer, widths: readonly number[], seed: number, record: number): void {
  let state = scramble(scramble(seed | 0) ^ scramble((record / 0x1_0000_0000) | 0)) ^ record
  let at = 0
  for (const width of widths) {
    bytes[at++] = 44
    for (let left = width; left > 0; left -= 5) {
      state = (state + 0x9e3779b9) | 0
      let bits = scramble(state)
      for (let i = Math.min(5, left); i > 0; i--) {
        bytes[at++] = alphabet[bits & 63]!
        bits >>>= 6
      }
    }
  }
}

/** The finaliser of MurmurHash3 (Appleby 2011), which spreads every bit of its argument over all of the result. */
function scramble(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function makeAnalyse(columns: number): Analyse {
  return ({ text }) => {
    const [id, ...texts] = text.split(',')
    if (texts.length !== columns) throw new Error(`expected ${columns + 1} fields, got ${texts.length + 1}`)
    return [Number(id), ...texts]
  }
}
