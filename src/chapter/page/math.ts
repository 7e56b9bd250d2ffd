import { escapeHtml } from '../../format.js'

// biome-ignore format: a table of pairs
const symbols: Readonly<Record<string, string>> = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', eta: 'η', theta: 'θ', kappa: 'κ', lambda: 'λ',
  mu: 'μ', nu: 'ν', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', phi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', Delta: 'Δ', Sigma: 'Σ', Omega: 'Ω',
  ell: 'ℓ', infty: '∞', sum: '∑', prod: '∏', cdot: '⋅', times: '×', pm: '±', div: '÷', le: '≤', leq: '≤', ge: '≥', geq: '≥', ne: '≠',
  neq: '≠', approx: '≈', sim: '∼', propto: '∝', in: '∈', to: '→', ldots: '…', dots: '…', cdots: '⋯', mid: '∣', lfloor: '⌊', rfloor: '⌋',
  lceil: '⌈', rceil: '⌉', quad: '\u2003', ',': '\u2009', ' ': ' ', '{': '{', '}': '}', '%': '%',
}
const functions = new Set(['min', 'max', 'log', 'ln', 'exp', 'Pr', 'lim', 'arg', 'sin', 'cos'])
const accents: Readonly<Record<string, string>> = { hat: '^', bar: '¯', tilde: '~', overline: '¯', dot: '˙' }

/** A formula in the part of TeX that this field's models need, as MathML; null when it holds a command outside of it. */
export function mathMl(tex: string, shown: 'inline' | 'block'): string | null {
  const tokens: readonly string[] = tex.match(/\\(?:[A-Za-z]+|.)|\d+(?:[.,]\d+)*|\S/g) ?? []
  let at = 0

  const atom = (): string | null => {
    const token = tokens[at++]
    if (token === undefined) return null
    if (token === '{') return row('}')
    if (!token.startsWith('\\')) {
      if (/^\d/.test(token)) return `<mn>${token}</mn>`
      return /^\p{L}$/u.test(token)
        ? `<mi>${token}</mi>`
        : `<mo stretchy="false">${escapeHtml(token === '-' ? '−' : token)}</mo>`
    }
    return command(token.slice(1))
  }

  const command = (name: string): string | null => {
    if (name === 'frac' || name === 'dfrac' || name === 'tfrac') return pair((a, b) => `<mfrac>${a}${b}</mfrac>`)
    if (name === 'sqrt') return one((a) => `<msqrt>${a}</msqrt>`)
    if (name === 'left' || name === 'right') return delimiter()
    if (['text', 'mathrm', 'operatorname', 'textrm'].includes(name)) return words()
    if (name in accents) return one((a) => `<mover accent="true">${a}<mo>${accents[name]}</mo></mover>`)
    if (functions.has(name)) return `<mi mathvariant="normal">${name}</mi>`
    const symbol = symbols[name]
    if (symbol === undefined) return null
    if (!symbol.trim()) return '<mspace width="0.5em"></mspace>'
    return /\p{L}/u.test(symbol) ? `<mi>${symbol}</mi>` : `<mo>${symbol}</mo>`
  }

  /** `\\left(` grows with its content, a plain `(` does not. */
  const delimiter = (): string | null => {
    const mark = tokens[at] === '.' ? '' : atom()
    if (tokens[at] === '.') at++
    return mark === null ? null : mark.replace(' stretchy="false"', '') || '<mrow></mrow>'
  }

  const one = (build: (a: string) => string): string | null => {
    const a = atom()
    return a === null ? null : build(a)
  }
  const pair = (build: (a: string, b: string) => string): string | null => one((a) => one((b) => build(a, b)) ?? '\0')

  /** Words keep their spaces, which the tokens have lost. */
  const words = (): string | null => {
    if (tokens[at] !== '{') return null
    const end = tokens.indexOf('}', at)
    if (end < 0) return null
    const nth = tokens.slice(0, at + 1).filter((token) => token === '{').length
    const opening = [...tex.matchAll(/(?<!\\)\{/g)][nth - 1]?.index ?? 0
    at = end + 1
    return `<mtext>${escapeHtml(tex.slice(opening + 1, tex.indexOf('}', opening)))}</mtext>`
  }

  const scripted = (): string | null => {
    const base = atom()
    let below: string | null = null
    let above: string | null = null
    while (base !== null && (tokens[at] === '_' || tokens[at] === '^')) {
      const script = tokens[at++]
      const content = atom()
      if (content === null) return null
      if (script === '_') below = content
      else above = content
    }
    if (base === null) return null
    if (below !== null && above !== null) return `<msubsup>${base}${below}${above}</msubsup>`
    if (below !== null) return `<msub>${base}${below}</msub>`
    return above === null ? base : `<msup>${base}${above}</msup>`
  }

  const row = (end: string | null): string | null => {
    let content = ''
    while (at < tokens.length && tokens[at] !== end) {
      const next = scripted()
      if (next === null) return null
      content += next
    }
    if (end !== null && tokens[at++] !== end) return null
    return `<mrow>${content}</mrow>`
  }

  const content = row(null)
  return content === null || content.includes('\0') ? null : `<math display="${shown}">${content}</math>`
}
