import { zipSync } from 'fflate'

/** The first moment that a ZIP file can state: written files tell nothing of when they were made. */
const noTime = new Date(1980, 0, 1)

/** The parts of a Word document as its file: the same parts give the same bytes. */
export function zipped(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  // Readers tell the kind of a document by its first file.
  const first = '[Content_Types].xml'
  const paths = [
    first,
    ...Object.keys(files)
      .sort()
      .filter((path) => path !== first),
  ]
  return zipSync(Object.fromEntries(paths.map((path) => [path, files[path]!])), { mtime: noTime, level: 6 })
}
