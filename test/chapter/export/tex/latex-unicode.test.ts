import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import {
  characterDeclarations,
  charactersWithoutMacro,
  declaredCharacters,
} from '../../../../src/chapter/export/tex/latex-unicode.js'
import { compiledTex, complaints, isTexInstalled } from '../tools.js'

describe('characterDeclarations', () => {
  it('declares each character once that the text fonts of TeX lack, in one order', () => {
    expect(characterDeclarations('β ≥ α, α × é „“ – … € µ')).toBe(
      '\\newunicodechar{α}{\\ensuremath{\\alpha}}\n\\newunicodechar{β}{\\ensuremath{\\beta}}\n\\newunicodechar{≥}{\\ensuremath{\\ge}}',
    )
    expect(characterDeclarations('Plain text.')).toBe('')
  })

  it('has pdfTeX print the number of a character that no macro is known for, and finds it with the marks that belong to it', () => {
    expect(characterDeclarations('β漢')).toMatch(
      /^\\newunicodechar\{β\}.*\n\\ifcsname u8:\\detokenize\{漢\}\\endcsname\\else\\DeclareUnicodeCharacter\{6F22\}\{\\letternumber\{6F22\}\}\\fi\n\\fi$/s,
    )
    expect(charactersWithoutMacro('aé β 漢 Ș e\u0301')).toEqual(new Set(['漢', 'Ș', 'e\u0301']))
  })
})

const latin = '¡§°±²³µ·¹¿×÷ÄÅÆÇÉÑÖØÜßàèêîñóšžŁłŒœ‐–—‘’“”„†‡•…‰‹›€№™'
for (const engine of ['pdflatex', 'xelatex', 'lualatex']) {
  const isThere = isTexInstalled(engine)
  test.skipIf(!isThere)(
    `every character compiles with ${engine}${isThere ? '' : ', which is not installed here'}`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'copylab-characters-'))
      try {
        const strange = engine === 'pdflatex' ? 'ȘặШο太😀اe\u0301\ue000' : ''
        const text = [...declaredCharacters, ...latin, ...strange].join(' ')
        const fonts =
          '\\usepackage{iftex}\\ifPDFTeX\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\else\\usepackage{fontspec}\\fi'
        const document = `\\documentclass{article}${fonts}\n\\usepackage{amsmath,amssymb,newunicodechar}\n${characterDeclarations(text)}\n\\begin{document}\n\\raggedright ${text}\n\\end{document}\n`
        await writeFile(join(folder, 'characters.tex'), document)
        expect(complaints(await compiledTex(engine, folder, 'characters'))).toEqual([])
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
}
