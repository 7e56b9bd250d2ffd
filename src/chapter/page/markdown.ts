import { Marked, type Tokens } from 'marked'
import { escapeHtml } from '../../format.js'
import { mathMl } from './math.js'

/** A heading of the page. */
export interface Heading {
  readonly level: number
  readonly html: string
  readonly id: string
}

/**
 * Turns Markdown into HTML, and remembers the headings that it met, in order; their ids differ
 * within one page.
 */
export function markdownWriter(): { readonly headings: readonly Heading[]; write(markdown: string): string } {
  const headings: Heading[] = []
  const marked = new Marked({
    gfm: true,
    extensions: [formula('inline'), formula('block')],
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const html = this.parser.parseInline(tokens)
        const id = unusedAnchor(html, headings)
        headings.push({ level: depth, html, id })
        return `<h${depth} id="${id}"><a class="anchor" href="#${id}">${html}</a></h${depth}>\n`
      },
    },
  })
  return { headings, write: (markdown) => marked.parse(markdown, { async: false }) }
}

function unusedAnchor(html: string, headings: readonly Heading[]): string {
  const words = html
    .replace(/<[^>]*>|&[^;]*;/g, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? ['section']
  const wanted = words.join('-')
  const same = headings.filter(({ id }) => id === wanted || id.startsWith(`${wanted}--`)).length
  return same === 0 ? wanted : `${wanted}--${same + 1}`
}

/**
 * Extension for formulas, `$…$` and `$$…$$`, which Markdown would otherwise read as emphasis. A
 * dollar before a space or a digit's amount is left alone.
 */
function formula(shown: 'inline' | 'block') {
  const pattern = shown === 'block' ? /^\$\$([\s\S]+?)\$\$(?:\n|$)/ : /^\$(?![\s$])((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)/
  const name = `${shown}-formula`
  return {
    name,
    level: shown,
    // Where a paragraph may end for a formula of its own, or a text for one within.
    start: (source: string) => source.match(shown === 'block' ? /\n\$\$/ : /\$/)?.index,
    tokenizer(source: string) {
      const match = pattern.exec(source)
      return match ? { type: name, raw: match[0], tex: match[1] } : undefined
    },
    renderer: ({ tex }: Tokens.Generic) => mathMl(tex, shown) ?? `<code>${escapeHtml(tex.trim())}</code>`,
  }
}
