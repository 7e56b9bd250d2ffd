import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { fileChunks } from './byte-source.js'
import { damaged } from './damaged.js'

/**
 * Bytes that are made at a time, on a thread of Node's own: the next ones while the consumer works
 * on these.
 */
const chunkSize = 256 * 1024

/**
 * Decompresses a gzip file ahead of its consumer. Members one after the other are read as one text,
 * and zeros after the last as nothing. Throws `InputError` for a file that is damaged or cut off.
 */
export async function* gunzipped(path: string, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize })
  // An error of either stream comes out of `gunzip`.
  const file = createReadStream(path, { highWaterMark: chunkSize })
  pipeline(file, gunzip, () => {})
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code?.startsWith('Z_') ? damaged(name, message, error) : error
  }
  // A zero after a member ends the text, whatever comes then.
  const end = gunzip.bytesWritten
  if (end === file.bytesRead) return
  for await (const chunk of fileChunks(path, end)) {
    if (chunk.some((byte) => byte !== 0)) {
      throw damaged(name, `its compressed text ends at byte ${end}, and other bytes follow`)
    }
  }
}
