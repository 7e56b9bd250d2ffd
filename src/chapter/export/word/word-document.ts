import { strFromU8, strToU8, unzipSync } from 'fflate'
import { zipped } from './word-zip.js'

/** SVG drawings by the name of the PNG that each one replaces. */
export type Drawings = ReadonlyMap<string, string>

/**
 * Completes a .docx file that pandoc wrote: every picture's drawing is added as SVG, which Word and
 * LibreOffice show in its place, and the time of writing is removed, so that the same document
 * gives the same bytes. `pngs` are the pictures as they were given, by name.
 */
export function finishedWordDocument(
  docx: Uint8Array,
  pngs: ReadonlyMap<string, Uint8Array>,
  drawings: Drawings,
): Uint8Array {
  const files = unzipSync(docx)
  const relationsPath = 'word/_rels/document.xml.rels'
  let relations = strFromU8(files[relationsPath]!)
  let body = strFromU8(files['word/document.xml']!)
  for (const [name, png] of pngs) {
    const media = Object.keys(files).find((path) => path.startsWith('word/media/') && sameBytes(files[path]!, png))
    const target = media?.slice('word/'.length)
    const id = target && new RegExp(`<Relationship (?=[^>]*Target="${target}")[^>]*Id="([^"]+)"`).exec(relations)?.[1]
    if (!media || !id) throw new Error(`The Word document has no picture ${name}`)
    const path = media.replace(/\.png$/, '.svg')
    files[path] = strToU8(drawings.get(name)!)
    relations = relations.replace(
      '</Relationships>',
      `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Id="${id}svg" Target="${path.slice('word/'.length)}"/></Relationships>`,
    )
    body = body.replaceAll(new RegExp(`<a:blip r:embed="${id}"\\s*(?:/>|>.*?</a:blip>)`, 'gs'), () => blip(id))
  }
  files[relationsPath] = strToU8(relations)
  files['word/document.xml'] = strToU8(body)
  const types = '[Content_Types].xml'
  files[types] = strToU8(withSvgType(strFromU8(files[types]!)))
  return zipped(files)
}

function blip(id: string): string {
  return `<a:blip r:embed="${id}"><a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="${id}svg"/></a:ext></a:extLst></a:blip>`
}

function withSvgType(types: string): string {
  return types.includes('Extension="svg"')
    ? types
    : types.replace(/(<Types[^>]*>)/, '$1<Default Extension="svg" ContentType="image/svg+xml"/>')
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
