import type { Analyse, InputFile, Line } from './input.js'
import { type SyntheticFileRecipe, withRecipe } from './recipe.js'

const recordsPerChunk = 500
/** 64 characters, so that six random bits make one. */
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')

/** Made-up records that stand in no file: they are made whenever they are read. */
export function syntheticFile(recipe: SyntheticFileRecipe): InputFile {
  const { name, first, records, widths, seed } = recipe
  const file: InputFile = {
    name,
    records,
    read: () => makeLines(first, records, widths, seed),
    analyse: () => makeAnalyse(widths.length),
  }
  return withRecipe(file, recipe)
}

/** Lines of the number and the texts, parted by commas. */
async function* makeLines(
  first: number,
  records: number,
  widths: readonly number[],
  seed: number,
): AsyncGenerator<readonly Line[]> {
  const bytes = Buffer.alloc(widths.reduce((sum, width) => sum + width + 1, 0))
  for (let start = 0; start < records; start += recordsPerChunk) {
    const lines: Line[] = []
    for (let k = start; k < Math.min(records, start + recordsPerChunk); k++) {
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
