import { InputError } from '../../../errors.js'
import type { Compression } from '../../file-spec.js'

/** Number of a file's first bytes that tell what it is. */
export const signatureBytes = 265

/** The beginning of files of one kind, at byte `at`. */
interface Signature {
  readonly begins: string
  readonly at?: number
}

const compressions: readonly (Signature & { readonly compression: Compression })[] = [
  { begins: '\x1f\x8b', compression: 'gzip' },
  { begins: '\x28\xb5\x2f\xfd', compression: 'zstd' },
  // A frame that is skipped comes first where the file was written by several threads.
  ...Array.from({ length: 16 }, (_, k) => ({
    begins: `${String.fromCharCode(0x50 + k)}\x2a\x4d\x18`,
    compression: 'zstd' as const,
  })),
]

const unpack = 'unpack it'
const saveAsCsv = 'save its sheet as CSV'
const writeAsCsv = 'write its records as CSV'

/** Files that are no text, each with the remedy; the first that fits says what a file is. */
const others: readonly (Signature & { readonly is: string; readonly remedy: string })[] = [
  { begins: '[Content_Types].xml', at: 30, is: 'an Excel workbook', remedy: saveAsCsv },
  { begins: 'xl/', at: 30, is: 'an Excel workbook', remedy: saveAsCsv },
  { begins: '_rels/', at: 30, is: 'an Excel workbook', remedy: saveAsCsv },
  { begins: 'mimetypeapplication/vnd.oasis', at: 30, is: 'an OpenDocument file', remedy: saveAsCsv },
  { begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', is: 'an old Excel workbook', remedy: saveAsCsv },
  { begins: 'PK\x03\x04', is: 'a zip archive', remedy: unpack },
  { begins: 'PK\x05\x06', is: 'a zip archive', remedy: unpack },
  { begins: '\xfd7zXZ\0', is: 'compressed by xz', remedy: unpack },
  { begins: '1AY&SY', at: 4, is: 'compressed by bzip2', remedy: unpack },
  { begins: '\x04\x22\x4d\x18', is: 'compressed by lz4', remedy: unpack },
  { begins: '\xff\x06\0\0sNaPpY', is: 'compressed by snappy', remedy: unpack },
  { begins: '\x1f\x9d', is: 'compressed by compress', remedy: unpack },
  { begins: 'LZIP\x01', is: 'compressed by lzip', remedy: unpack },
  { begins: '7z\xbc\xaf\x27\x1c', is: 'a 7-Zip archive', remedy: unpack },
  { begins: 'Rar!\x1a\x07', is: 'a RAR archive', remedy: unpack },
  { begins: 'ustar', at: 257, is: 'a tar archive', remedy: unpack },
  { begins: 'PAR1\x15', is: 'a Parquet file', remedy: writeAsCsv },
  { begins: 'ARROW1\0\0', is: 'an Arrow file', remedy: writeAsCsv },
  { begins: 'Obj\x01', is: 'an Avro file', remedy: writeAsCsv },
  { begins: 'SQLite format 3\0', is: 'an SQLite database', remedy: writeAsCsv },
  { begins: 'PGDMP\x01', is: "a dump in pg_dump's own format", remedy: 'restore it, and copy its table as CSV' },
  { begins: 'PGCOPY\n\xff\r\n\0', is: "in COPY's binary format", remedy: 'copy the table as CSV' },
  { begins: '%PDF-', is: 'a PDF document', remedy: 'get its table as CSV' },
]

const getTheFile = 'get the file itself, or save its table as CSV'

/** Text that is no CSV, by its beginning in any case. */
const otherTexts: readonly { readonly begins: RegExp; readonly is: string; readonly remedy: string }[] = [
  { begins: /^\s*<(!doctype html|html)\b/i, is: 'an HTML page', remedy: getTheFile },
  { begins: /^\s*<\?xml\b/i, is: 'an XML document', remedy: getTheFile },
  { begins: /^\s*\[\s*\{\s*"/, is: 'JSON', remedy: writeAsCsv },
]

/**
 * Returns how a file is compressed, whatever its name is, by its first `signatureBytes`; null for a
 * file that is not. Throws `InputError` for a file that is no text, such as a zip archive.
 */
export function compressionOf(first: Uint8Array, name: string): Compression | null {
  const text = Buffer.from(first).toString('latin1')
  const fits = ({ begins, at = 0 }: Signature): boolean => text.startsWith(begins, at)
  const written = text.replace('\xef\xbb\xbf', '')
  const other = others.find(fits) ?? otherTexts.find(({ begins }) => begins.test(written))
  if (other) throw new InputError(`${name} is ${other.is}: ${other.remedy}`)
  return compressions.find(fits)?.compression ?? null
}
