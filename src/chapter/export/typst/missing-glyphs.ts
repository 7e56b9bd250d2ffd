import { lettersOf } from '../source/letters.js'
import { typstCompiler } from './typst.js'

/** Letters that every font for text has. */
const usual = /^[\t\n\u0020-\u024f\u2010-\u2027\u20ac\u2212]+$/

/**
 * The letters of a text, with the marks that belong to them, that no font has which a PDF can be
 * set in: in their place stands an empty box.
 */
export function lettersWithoutGlyph(text: string): Set<string> {
  const unusual = [...new Set(lettersOf(text))].filter((letter) => !usual.test(letter) && letter.trim() !== '')
  const missing = signsWithoutGlyph(unusual)
  return new Set(unusual.filter((letter) => missing.some((sign) => letter.includes(sign))))
}

/**
 * A PDF for archives is refused where a letter has no glyph, and the refusal names each; any other
 * PDF is written with the box.
 */
function signsWithoutGlyph(letters: readonly string[]): string[] {
  const compiler = typstCompiler()
  const texts = letters.map((letter) => `#block(${JSON.stringify(letter)})`)
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
