import temml from 'temml'

/**
 * A formula in TeX as MathML, which browsers draw without script or font; null when it cannot be
 * read. The same formula gives the same text.
 */
export function mathMl(tex: string, shown: 'inline' | 'block'): string | null {
  try {
    return temml.renderToString(tex, { displayMode: shown === 'block', throwOnError: true })
  } catch {
    // Its parser also throws errors that are no `ParseError`, as for "a^".
    return null
  }
}
