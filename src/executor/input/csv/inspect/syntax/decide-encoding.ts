import { inMessage } from '../../../../../check.js'
import { InputError } from '../../../../errors.js'
import type { Compression, FileEncoding } from '../../../file-spec.js'
import type { ReadingOptions } from '../../../input.js'
import { type ByteSource, openFile, take } from '../../bytes/byte-source.js'
import { compressionOf, signatureBytes } from '../../bytes/compression-of.js'
import { EncodingEvidence } from '../../bytes/encoding-evidence.js'
import { type EncodingFound, encodingOf } from '../../bytes/encoding-of.js'
import { openBytes } from '../../bytes/open-bytes.js'
import type { FolderFile } from '../../folder/list-files.js'
import { readingSteps } from '../../folder/reading-steps.js'
import { type Sample, sampleOf } from './sample.js'

/** The encoding of a folder's files, and their beginnings by it; none where it is left open. */
export interface DecidedEncoding {
  readonly encoding: FileEncoding
  readonly samples: readonly Sample[]
  /** What shows it: `a.csv:3 "Peñaranda"`; null where it is stated, and where all is ASCII. */
  readonly by: string | null
  readonly open: readonly string[]
}

/** Number of bytes read at a time. */
const chunkBytes = 1024 * 1024

/**
 * Decides on the encoding of a folder's files, one for all: by all their bytes where it is not
 * stated. Throws `InputError` for files that are no text.
 */
export async function decideEncoding(
  files: readonly FolderFile[],
  stated: FileEncoding | null,
  { signal, onStep }: ReadingOptions,
): Promise<DecidedEncoding> {
  const looked: {
    readonly file: FolderFile
    readonly compression: Compression | null
    readonly found: EncodingFound | null
  }[] = []
  const step = readingSteps(files, 'reading the files to find their encoding', onStep)
  for (const file of files) {
    signal?.throwIfAborted()
    const compression = await compressionIn(file)
    looked.push({ file, compression, found: stated === null ? await encodingIn(file, compression, signal) : null })
    if (stated === null) step(file.bytes)
  }
  const { encoding, by, open } = together(
    looked.flatMap(({ file, found }) => (found ? [{ file, found }] : [])),
    stated,
  )
  const samples: Sample[] = []
  if (open.length === 0) {
    for (const { file, compression } of looked) samples.push(await sampleOf(file, compression, encoding))
  }
  return { encoding, samples, by, open }
}

/**
 * Returns how a file is compressed. Throws `InputError` for one that is no text, compressed or not.
 */
async function compressionIn({ path, name }: FolderFile): Promise<Compression | null> {
  const compression = compressionOf(await firstBytes(openFile(path)), name)
  if (compression === null) return null
  const inner = compressionOf(await firstBytes(openBytes(path, { name, compression })), name)
  if (inner !== null)
    throw new InputError(`${name} is compressed twice, by ${compression} and ${inner}: unpack it once`)
  return compression
}

async function firstBytes(opened: Promise<ByteSource>): Promise<Buffer> {
  const source = await opened
  try {
    return await take(source, signatureBytes)
  } finally {
    await source.close()
  }
}

async function encodingIn(
  file: FolderFile,
  compression: Compression | null,
  signal?: AbortSignal,
): Promise<EncodingFound> {
  const source = await openBytes(file.path, { name: file.name, compression })
  const evidence = new EncodingEvidence()
  const buffer = Buffer.allocUnsafe(chunkBytes)
  try {
    for (;;) {
      signal?.throwIfAborted()
      const read = await source.read(buffer, 0, chunkBytes)
      if (read === 0) return encodingOf(evidence.end())
      evidence.add(buffer.subarray(0, read))
    }
  } finally {
    await source.close()
  }
}

interface EncodedFile {
  readonly file: FolderFile
  readonly found: EncodingFound
}

/** Decides on one encoding for all files; those of ASCII alone are in any but UTF-16. */
function together(looked: readonly EncodedFile[], stated: FileEncoding | null): Omit<DecidedEncoding, 'samples'> {
  if (stated !== null) return { encoding: stated, by: null, open: [] }
  const open = looked.flatMap(({ file, found }) => (found.kind === 'open' ? [question(file, found)] : []))
  const told = looked.flatMap(({ file, found }) =>
    found.kind === 'found' && file.bytes > 0 ? [{ file, ...found }] : [],
  )
  const [first] = told.filter(({ shown, encoding }) => shown !== null || encoding !== 'utf-8')
  if (!first) return { encoding: 'utf-8', by: null, open }
  const isWide = first.encoding.startsWith('utf-16')
  const other = told.find(({ encoding, shown }) => encoding !== first.encoding && (isWide || shown !== null))
  if (other) {
    const one = ({ file, encoding, shown }: (typeof told)[number]): string =>
      `${file.name} is ${encoding}${shown ? ` (line ${shown.line}, ${inMessage(shown.text)})` : ''}`
    open.push(
      `the files have several encodings, ${one(first)} and ${one(other)}: read them apart by \`pattern\` (--pattern), or convert some by iconv`,
    )
  }
  const by = first.shown ? `${first.file.name}:${first.shown.line} ${inMessage(first.shown.text)}` : null
  return { encoding: first.encoding, by, open }
}

function question(
  { name }: FolderFile,
  { readings, reason, others }: EncodingFound & { readonly kind: 'open' },
): string {
  const from = others.length === 0 ? '' : `-f ${others.join(', ')}${others.length > 1 ? ' or another' : ''} `
  const convert = `convert it by iconv ${from}-t UTF-8`
  const options = readings.map((encoding) => `\`encoding: '${encoding}'\``).join(' or ')
  return `the encoding of ${name}: ${reason}; ${options === '' ? '' : `say ${options} (--file-encoding), or `}${convert}`
}
