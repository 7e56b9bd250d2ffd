import { charactersOf } from '../source/characters.js'

/** Greek letters that differ from Latin ones, by the names that TeX has for them. */
const greek = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'varepsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  ι: 'iota',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  ς: 'varsigma',
  τ: 'tau',
  υ: 'upsilon',
  φ: 'varphi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
  ϕ: 'phi',
  Γ: 'Gamma',
  Δ: 'Delta',
  Θ: 'Theta',
  Λ: 'Lambda',
  Ξ: 'Xi',
  Π: 'Pi',
  Σ: 'Sigma',
  Φ: 'Phi',
  Ψ: 'Psi',
  Ω: 'Omega',
} as const

const symbols = {
  '≤': 'le',
  '≥': 'ge',
  '≠': 'ne',
  '≈': 'approx',
  '≡': 'equiv',
  '∼': 'sim',
  '≪': 'll',
  '≫': 'gg',
  '∝': 'propto',
  '∞': 'infty',
  '√': 'surd',
  '∑': 'sum',
  '∏': 'prod',
  '∫': 'int',
  '∂': 'partial',
  '∇': 'nabla',
  '∆': 'Delta',
  '∈': 'in',
  '∉': 'notin',
  '∅': 'emptyset',
  '∩': 'cap',
  '∪': 'cup',
  '⊂': 'subset',
  '⊆': 'subseteq',
  '∀': 'forall',
  '∃': 'exists',
  '∧': 'wedge',
  '∨': 'vee',
  '∘': 'circ',
  '⋅': 'cdot',
  '←': 'leftarrow',
  '→': 'to',
  '↑': 'uparrow',
  '↓': 'downarrow',
  '↔': 'leftrightarrow',
  '⇐': 'Leftarrow',
  '⇒': 'Rightarrow',
  '⇔': 'Leftrightarrow',
  '↦': 'mapsto',
  '⟨': 'langle',
  '⟩': 'rangle',
  '⌈': 'lceil',
  '⌉': 'rceil',
  '⌊': 'lfloor',
  '⌋': 'rfloor',
  '✓': 'checkmark',
  ℓ: 'ell',
  '⋮': 'vdots',
  '⋯': 'cdots',
  '□': 'square',
} as const

const raised = {
  '⁰': '0',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁺': '+',
  '⁻': '-',
  ⁿ: 'n',
  ᵀ: 'T',
}
const lowered = { '₀': '0', '₁': '1', '₂': '2', '₃': '3', '₄': '4', '₅': '5', '₆': '6', '₇': '7', '₈': '8', '₉': '9' }

const macros: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ ...greek, ...symbols }).map(([character, name]) => [character, math(`\\${name}`)] as const),
  ...Object.entries(raised).map(([character, text]) => [character, math(`{}^{${text}}`)] as const),
  ...Object.entries(lowered).map(([character, text]) => [character, math(`{}_{${text}}`)] as const),
  ['−', math('-')],
  ['′', math("'")],
  ['″', math("''")],
  ['\u2009', '\\,'],
  ['\u200a', '\\,'],
  ['\u202f', '\\,'],
])

function math(tex: string): string {
  return `\\ensuremath{${tex}}`
}

/** Characters that TeX's text fonts have: Latin ones, their punctuation, the euro, №, ™. */
const known = /[\t\n\u0020-\u017f\u2010-\u2015\u2018-\u2022\u2026\u2030\u2039\u203a\u20ac\u2116\u2122]/

/** Whether TeX can print a character: its text fonts have it, or a macro is known for it. */
function hasMacro(character: string): boolean {
  return known.test(character) || macros.has(character)
}

/**
 * The characters of a text, with the marks that belong to them, that TeX's text fonts lack and that
 * no macro is known for.
 */
export function charactersWithoutMacro(text: string): Set<string> {
  return new Set(charactersOf(text).filter((character) => ![...character].every(hasMacro)))
}

/**
 * Declarations for the preamble (package `newunicodechar`) of the characters in a text that TeX's
 * text fonts lack: pdfTeX stops at them, XeTeX and LuaTeX leave them out. Where no macro is known
 * for a character and the document does not declare it, pdfTeX prints its number; XeTeX and LuaTeX
 * print it with a font that has it.
 */
export function characterDeclarations(text: string): string {
  const strange = [...new Set(text)].filter((character) => !known.test(character)).sort()
  const declared = strange.flatMap((character) => {
    const tex = macros.get(character)
    return tex === undefined ? [] : [`\\newunicodechar{${character}}{${tex}}`]
  })
  const numbered = strange
    .filter((character) => !macros.has(character))
    .map((character) => {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      return `\\ifcsname u8:\\detokenize{${character}}\\endcsname\\else\\DeclareUnicodeCharacter{${code}}{\\letternumber{${code}}}\\fi`
    })
  return [...declared, ...(numbered.length > 0 ? [numbersInstead, ...numbered, '\\fi'] : [])].join('\n')
}

const numbersInstead = `% No macro is known for the characters below. LuaLaTeX and XeLaTeX print them with a font that has them: \\setmainfont{...}.
\\usepackage{iftex}
\\ifPDFTeX
\\providecommand{\\letternumber}[1]{{\\footnotesize[U+#1]}}`

/** All characters that a macro is known for. */
export const declaredCharacters = [...macros.keys()].join('')
