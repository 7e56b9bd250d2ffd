import type { Compression, FileEncoding } from '../../file-spec.js'
import { type ByteSource, fileChunks, openFile, sourceOf } from './byte-source.js'
import { decoded } from './decode.js'
import { gunzipped } from './gunzip.js'
import { unzstd } from './zstd/unzstd.js'

/** What a file's bytes are. */
export interface BytesOptions {
  /** Name of the file in errors. */
  readonly name: string
  /**
   * @default null
   */
  readonly compression?: Compression | null
  /**
   * Bytes that are UTF-8 pass as they are, unchecked.
   * @default 'utf-8'
   */
  readonly encoding?: FileEncoding
}

/**
 * Opens a file for reading its text as UTF-8, whatever its bytes are: decompressed, then decoded,
 * in constant memory. A byte order mark stays. While it is read, throws `InputError` for a
 * compressed file that is damaged or cut off, and `BadRecordError` for bytes that are no text of
 * the encoding.
 */
export async function openBytes(path: string, options: BytesOptions): Promise<ByteSource> {
  const { name, compression = null, encoding = 'utf-8' } = options
  if (compression === null && encoding === 'utf-8') return openFile(path)
  const bytes = decompressed(path, compression, name)
  return sourceOf(encoding === 'utf-8' ? bytes : decoded(bytes, encoding, name))
}

function decompressed(path: string, compression: Compression | null, name: string): AsyncGenerator<Buffer> {
  switch (compression) {
    case null:
      return fileChunks(path)
    case 'gzip':
      return gunzipped(path, name)
    case 'zstd':
      return unzstd(path, name)
    default:
      throw new TypeError(`Unknown compression ${compression satisfies never}`)
  }
}
