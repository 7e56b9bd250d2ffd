import { markdownTable } from '#copylab/analysis/tables/render.js'
import { directionRules, mattersRules, sizeRules } from '#copylab/analysis/verdict/parts.js'
import { verdictRules } from '#copylab/analysis/verdict/verdict.js'

/** The rules of the verdict and of its three parts. */
export function verdictsText(): string[] {
  const table = (title: string, rules: readonly { readonly word: string; readonly when: string }[]): string[] =>
    markdownTable(
      [title, ''],
      rules.map(({ word, when }) => [`**${word}**`, when]),
    )
  return [
    ...table('verdict', verdictRules),
    '',
    ...table('direction', directionRules),
    '',
    ...table('size, where a least or a most is claimed', sizeRules),
    '',
    ...table('does it matter?', mattersRules),
  ]
}
