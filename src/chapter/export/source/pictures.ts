import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Attributes, type Document, type Element, elementsOf, inlinesOf, mapElements } from '../ast.js'
import type { Passage } from './characters.js'

/** An image that the author put into the text, as it is given to each format. */
export interface Picture {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * A text with its images under the names of pictures; those that cannot be read are named in their
 * places.
 */
export interface Pictured {
  readonly document: Document
  readonly pictures: readonly Picture[]
  /** One text for each image that cannot be read: which it is, where it stands, and why. */
  readonly missing: readonly string[]
}

export interface PictureOptions {
  /** Folder that the addresses of images are relative to. */
  readonly folder: string
  /** Addresses of images that are no files: the notebook's figures. */
  readonly figures: ReadonlySet<string>
  readonly passages: readonly Passage[]
}

/**
 * Reads the images of a text: PNG and JPEG files, and those that the text itself holds. Nothing is
 * fetched.
 */
export async function withPictures(
  document: Document,
  { folder, figures, passages }: PictureOptions,
): Promise<Pictured> {
  const pictures = new Map<string, Picture>()
  const missing = new Map<string, string>()
  const addresses = elementsOf(document.blocks, 'Image').map(addressOf)
  for (const address of new Set(addresses)) {
    if (figures.has(address)) continue
    try {
      const bytes = await bytesOf(address, folder)
      pictures.set(address, { name: `notebook-image-${pictures.size + 1}.${kindOf(bytes)}`, bytes })
    } catch (error) {
      const place = passages.find(({ text }) => text.includes(address))?.place ?? 'the text'
      const what = address.startsWith('data:') ? 'An image' : `The image ${address}`
      missing.set(address, `${what} in ${place} cannot be written: ${(error as Error).message}`)
    }
  }
  const withFiles = (blocks: readonly Element[]): readonly Element[] => mapElements(blocks, changed)
  const changed = (element: Element): readonly Element[] | undefined => {
    // An image in a paragraph of its own is one in Jupyter, and no figure that is counted.
    const images = element.t === 'Figure' ? elementsOf(element, 'Image') : []
    if (images.length > 0 && !images.some((image) => figures.has(addressOf(image)))) {
      const [, , content] = element.c as [Attributes, unknown, Element[]]
      return withFiles(content.map((block) => ({ ...block, t: 'Para' })))
    }
    if (element.t !== 'Image') return undefined
    const [attributes, text, [address, title]] = element.c as [Attributes, Element[], [string, string]]
    if (missing.has(address)) return inlinesOf(`[missing image${address.startsWith('data:') ? '' : ` ${address}`}]`)
    const picture = pictures.get(address)
    return picture && [{ t: 'Image', c: [attributes, text, [picture.name, title]] }]
  }
  const blocks = withFiles(document.blocks)
  return { document: { ...document, blocks }, pictures: [...pictures.values()], missing: [...missing.values()] }
}

function addressOf(image: Element): string {
  return (image.c as [Attributes, Element[], [string, string]])[2][0]
}

async function bytesOf(address: string, folder: string): Promise<Uint8Array> {
  const held = /^data:[^,]*;base64,(.*)$/s.exec(address)
  if (held) return Buffer.from(held[1]!, 'base64')
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address)) {
    throw new Error('copylab fetches nothing; save it next to the notebook and name that file')
  }
  const path = resolve(folder, fileNameOf(address))
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `there is no file ${path}` : error.message, { cause: error })
  })
}

/** The file that an address names, whose special characters may be written by their numbers. */
function fileNameOf(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}

function kindOf(bytes: Uint8Array): 'png' | 'jpg' {
  const begin = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  if (begin === '89504e47') return 'png'
  if (begin.startsWith('ffd8ff')) return 'jpg'
  throw new Error('it is neither PNG nor JPEG; save it as one of them, or make it a figure of a code cell')
}
