import { join } from 'node:path'
import type { ColumnType } from '#copylab/study/table/table.js'
import { csvOutcome } from '../csv.js'
import type { GuidedTarget } from './target.js'

const types: readonly (readonly ColumnType[])[] = [
  ['text', 'text'],
  ['int4', 'date', 'timestamptz'],
  ['numeric', 'int4[]', 'jsonb'],
]

const seeds = [
  seed(0, 0, 64, 'a,b\n"c, ""d""",\r\n'),
  seed(4 + 8, 3, 64, 'n,d,t\n-1,2001-02-03,2001-02-03 04:05:06Z\n,,\n'),
  seed(3, 5, 2 + 4 + 8 + 16, 'sep=|\n#x\n\\N|"a\\"|NULL\n\\.\n'),
  seed(1 + 16, 1, 0, '\ufeff1.50;{1,NULL};"{""x"": [1]}"\n'),
]

const words = [
  '"',
  '""',
  "'",
  '#',
  '\\N',
  '\\.',
  'NULL',
  '\r\n',
  '\ufeff',
  '\0',
  '{}',
  '2001-02-03',
  '-2147483648',
  'NaN',
  '1e300',
  'true',
  '\\x00',
]

/** Bytes that are read as CSV: the first three say how, the others are the text. */
export const csvTarget: GuidedTarget = {
  name: 'csv',
  title: 'CSV',
  open: (folder) => {
    const path = join(folder, 'input.csv')
    const outcome = (bytes: Buffer): Promise<string> => {
      const [how = 0, piece = 0, other = 0] = bytes
      return csvOutcome(
        {
          bytes: bytes.subarray(3),
          delimiter: [',', ';', '\t', '|'][how & 3]!,
          quote: (other & 1) > 0 ? "'" : '"',
          escape: (other & 2) > 0 ? 'backslash' : 'doubled',
          comment: (other & 4) > 0 ? '#' : null,
          skipLines: (other & 8) > 0 ? 1 : 0,
          header: (how & 4) > 0,
          nulls: (other & 16) > 0 ? ['', 'NULL'] : [''],
          textNulls: (other & 32) > 0 ? [''] : [],
          targets: null,
          types: types[((how >>> 3) & 3) % types.length]!,
          pieces: [1 + (piece % 16), 1 + other],
          batchSize: 1 + (how >>> 5),
        },
        path,
      )
    }
    return { seeds, words, outcome }
  },
}

function seed(how: number, piece: number, other: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([how, piece, other]), Buffer.from(text)])
}
