import { strFromU8, strToU8, zipSync } from 'fflate'

/** Earliest time that a ZIP file can state: written files record nothing of when they were made. */
const noTime = new Date(1980, 0, 1)

/**
 * Packs the parts of a Word document into its file, without the time of writing: the same parts
 * give the same bytes.
 */
export function zipped(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  // Readers recognise the kind of a document by its first file.
  const first = '[Content_Types].xml'
  const paths = [
    first,
    ...Object.keys(files)
      .sort()
      .filter((path) => path !== first),
  ]
  const properties = 'docProps/core.xml'
  const timeless = strFromU8(files[properties]!).replace(/<dcterms:(created|modified)[^>]*>.*?<\/dcterms:\1>/g, '')
  return zipSync(
    Object.fromEntries(paths.map((path) => [path, path === properties ? strToU8(timeless) : files[path]!])),
    { mtime: noTime, level: 6 },
  )
}
