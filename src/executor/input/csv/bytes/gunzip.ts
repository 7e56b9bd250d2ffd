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
  // An error of either stream comes out of the second.
  pipeline(createReadStream(path), gunzip, () => {})
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code?.startsWith('Z_') ? damaged(name, message, error) : error
  }
  // A zero ends the members: what comes after it is not looked at.
  let at = gunzip.bytesWritten
  for await (const chunk of fileChunks(path, at)) {
    if (chunk.some((byte) => byte !== 0))
      throw damaged(name, `its compressed text ends at byte ${at}, and others follow`)
    at += chunk.length
  }
}
