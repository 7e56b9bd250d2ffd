import { inflateSync } from 'node:zlib'

/**
 * The objects of a PDF file as text, those in compressed streams too: what `pdfimages` and
 * `pdffonts` look through.
 */
export function pdfObjects(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf)
  const text = bytes.toString('latin1')
  const streams = [...text.matchAll(/stream\r?\n/g)].filter(({ index }) => text.slice(index - 3, index) !== 'end')
  const inflated = streams.map((match) => {
    const begin = match.index + match[0].length
    try {
      return inflateSync(bytes.subarray(begin, text.indexOf('endstream', begin))).toString('latin1')
    } catch {
      return ''
    }
  })
  return [text, ...inflated].join('\n')
}
