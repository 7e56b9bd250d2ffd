import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { declaredLetters, letterDeclarations } from '../../../../src/chapter/export/tex/latex-letters.js'
import { compiledTex, complaints, isTexInstalled } from '../tools.js'

describe('letterDeclarations', () => {
  it('tells TeX each letter once that its text fonts lack, in one order', () => {
    expect(letterDeclarations('β ≥ α, α × é „“ – … € µ')).toBe(
      '\\newunicodechar{α}{\\ensuremath{\\alpha}}\n\\newunicodechar{β}{\\ensuremath{\\beta}}\n\\newunicodechar{≥}{\\ensuremath{\\ge}}',
    )
    expect(letterDeclarations('Plain text.')).toBe('')
  })

  it('refuses a letter that nobody has told it, by its number', () => {
    expect(() => letterDeclarations('漢')).toThrow('No TeX for the letter 漢 (U+6F22)')
  })
})

const latin = '¡§°±²³µ·¹¿×÷ÄÅÆÇÉÑÖØÜßàèêîñóšžŁłŒœ‐–—‘’“”„†‡•…‰‹›€№™'
for (const engine of ['pdflatex', 'xelatex', 'lualatex']) {
  const isThere = isTexInstalled(engine)
  test.skipIf(!isThere)(
    `every letter compiles with ${engine}${isThere ? '' : ', which is not installed here'}`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'copylab-letters-'))
      try {
        const text = [...declaredLetters, ...latin].join(' ')
        const fonts =
          '\\usepackage{iftex}\\ifPDFTeX\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\else\\usepackage{fontspec}\\fi'
        const document = `\\documentclass{article}${fonts}\n\\usepackage{amsmath,amssymb,newunicodechar}\n${letterDeclarations(text)}\n\\begin{document}\n\\raggedright ${text}\n\\end{document}\n`
        await writeFile(join(folder, 'letters.tex'), document)
        expect(complaints(await compiledTex(engine, folder, 'letters'))).toEqual([])
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
}
