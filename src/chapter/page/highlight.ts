import { escapeHtml } from '../../format.js'

const keywords =
  'as async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof interface let new null of return satisfies static super switch this throw true try type typeof undefined var void while yield'
const token = new RegExp(
  [
    '(?<c>//[^\\n]*|/\\*[\\s\\S]*?\\*/)',
    `(?<s>'(?:\\\\.|[^'\\\\\\n])*'|"(?:\\\\.|[^"\\\\\\n])*"|\`(?:\\\\.|[^\`\\\\])*\`)`,
    `(?<k>\\b(?:${keywords.replaceAll(' ', '|')})\\b)`,
    '(?<n>\\b\\d[\\d_]*(?:\\.\\d+)?(?:e[+-]?\\d+)?n?\\b)',
  ].join('|'),
  'g',
)

/**
 * TypeScript as HTML, with comments (`c`), strings (`s`), keywords (`k`) and numbers (`n`) in
 * spans.
 */
export function highlight(source: string): string {
  let html = ''
  let end = 0
  for (const match of source.matchAll(token)) {
    const kind = Object.keys(match.groups ?? {}).find((name) => match.groups?.[name] !== undefined)
    html += `${escapeHtml(source.slice(end, match.index))}<span class="${kind}">${escapeHtml(match[0])}</span>`
    end = match.index + match[0].length
  }
  return html + escapeHtml(source.slice(end))
}
