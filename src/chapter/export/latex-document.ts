/** What pdfTeX does not know of the letters that the chapter may hold, as TeX. XeTeX and LuaTeX need none of this. */
const letters: Readonly<Record<string, string>> = {
  α: '\\ensuremath{\\alpha}',
  β: '\\ensuremath{\\beta}',
  γ: '\\ensuremath{\\gamma}',
  σ: '\\ensuremath{\\sigma}',
  χ: '\\ensuremath{\\chi}',
  '−': '\\ensuremath{-}',
  '≤': '\\ensuremath{\\le}',
  '≥': '\\ensuremath{\\ge}',
  '≠': '\\ensuremath{\\ne}',
  '≈': '\\ensuremath{\\approx}',
  '∞': '\\ensuremath{\\infty}',
  '→': '\\ensuremath{\\to}',
  '√': '\\ensuremath{\\surd}',
  '⁻': '\\ensuremath{{}^{-}}',
  '∈': '\\ensuremath{\\in}',
  ᵀ: '\\ensuremath{{}^{T}}',
  '\u2009': '\\,',
  '\u202f': '\\,',
}
/** Those that its fonts have. */
const known = /[\s\u0020-\u017f\u2010-\u2027\u2030\u2039\u203a\u20ac\u2116\u2122]/

/** Declarations for the preamble, of the letters in a text that pdfTeX would stop at. Throws an `Error` for one that nobody has told it. */
export function unicodeDeclarations(text: string): string {
  const strange = [...new Set(text)].filter((letter) => !known.test(letter)).sort()
  const lines = strange.map((letter) => {
    const tex = letters[letter]
    const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    if (tex === undefined)
      throw new Error(`No TeX for the letter ${letter} (U+${code}): add it to the letters of latex-document.ts`)
    return `\\DeclareUnicodeCharacter{${code}}{${tex}}`
  })
  return lines.length === 0 ? '' : ['\\ifPDFTeX', ...lines, '\\fi'].join('\n')
}

/** The preamble's own part: tables in small letters, captions as in the other formats, figures where they are named if they fit there. */
export function latexHeader(text: string): string {
  return `\\usepackage{caption}
\\captionsetup{font=small,labelfont=bf,labelsep=period,justification=raggedright,singlelinecheck=false}
\\usepackage{etoolbox}
\\AtBeginEnvironment{longtable}{\\footnotesize}
\\setlength{\\LTleft}{0pt}
\\setlength{\\tabcolsep}{4pt}
\\setlength{\\emergencystretch}{3em}
\\setcounter{totalnumber}{4}
\\renewcommand{\\topfraction}{0.9}
\\renewcommand{\\bottomfraction}{0.7}
\\renewcommand{\\textfraction}{0.08}
\\renewcommand{\\floatpagefraction}{0.75}
${unicodeDeclarations(text)}`
}
