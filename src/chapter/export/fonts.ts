import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Font family of figures, on screen and in print: Source Sans 3 (OFL) from npm, so that they are
 * alike on every machine.
 */
export const figureFont = 'Source Sans 3'

const faces = [
  { name: '400Regular', weight: 400, style: 'normal' },
  { name: '400Regular_Italic', weight: 400, style: 'italic' },
  { name: '700Bold', weight: 700, style: 'normal' },
] as const

const read = new Map<string, Buffer>()

/** A file of the font; every figure asks for it, and it is read once. */
function fontFile(name: string): Buffer {
  const known = read.get(name)
  if (known) return known
  const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/source-sans-3/package.json'))
  const file = readFileSync(join(folder, name, `SourceSans3_${name}.ttf`))
  read.set(name, file)
  return file
}

/** The font's files, for a compiler of documents. */
export function figureFontFiles(): Buffer[] {
  return faces.map(({ name }) => fontFile(name))
}

/** A style sheet that holds the font. */
export function figureFontCss(): string {
  return faces
    .map(
      ({ name, weight, style }) =>
        `@font-face{font-family:'${figureFont}';font-weight:${weight};font-style:${style};src:url(data:font/ttf;base64,${fontFile(name).toString('base64')})}`,
    )
    .join('\n')
}
