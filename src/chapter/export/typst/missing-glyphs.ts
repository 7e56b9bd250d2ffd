import { charactersOf } from '../source/characters.js'
import { typstCompiler } from './typst.js'

/** Characters that every font for text has. */
const common = /^[\t\n\u0020-\u024f\u2010-\u2027\u20ac\u2212]+$/

/**
 * The characters of a text, with the marks that belong to them, that no font for a PDF has: the PDF
 * shows an empty box in their place.
 */
export function charactersWithoutGlyph(text: string): Set<string> {
  const unusual = [...new Set(charactersOf(text))].filter(
    (character) => !common.test(character) && character.trim() !== '',
  )
  const missing = signsWithoutGlyph(unusual)
  return new Set(unusual.filter((character) => missing.some((sign) => character.includes(sign))))
}

/**
 * The code points that have no glyph. A PDF for archives is refused where there is one, and the
 * refusal names each; any other PDF is written with the box.
 */
function signsWithoutGlyph(characters: readonly string[]): string[] {
  const compiler = typstCompiler()
  const texts = characters.map((character) => `#block(${JSON.stringify(character)})`)
  const { result } = compiler.compile({ mainFileContent: ['#set text(font: "Libertinus Serif")', ...texts].join('\n') })
  try {
    compiler.pdf(result!, { creationTimestamp: 0, pdfStandard: 'a-2b' })
    return []
  } catch (error) {
    const named = [...(error as Error).message.matchAll(/the text `\\"(.+?)\\"` could not be displayed/g)]
    return named.map(([, sign]) =>
      sign!.replace(/\\+u\{([0-9a-f]+)\}/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16))),
    )
  }
}
