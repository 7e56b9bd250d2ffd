/** Escapes text for HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/**
 * Escapes text for a line of Markdown that reads the same: nothing in it is a mark, a link, an
 * image, a formula, TeX or HTML, whether it is read by Jupyter, by pandoc or by GitHub, and quotes
 * and dashes stay as they are. Characters that something other than Markdown reads become entities:
 * JupyterLab takes out formulas, whose signs are `$` and `\\`, before it reads the rest. Line ends
 * become spaces.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s*[\n\r\v\f\u0085\u2028\u2029]\s*/g, ' ')
    .replace(/[`*_[\]{}|~^"'@]|:(?!\s)|(?<=www)\.|\.(?=\.)|(?<=\.)\.|-(?=-)|(?<=-)-|&(?=[#\w])|[<>$\\]/gi, (sign) =>
      /[&<>$\\]/.test(sign) ? `&#${sign.charCodeAt(0)};` : `\\${sign}`,
    )
}

/**
 * A line of Markdown as an item of a list: its beginning makes no heading, no other list, no
 * quotation, no code and no box to tick of it.
 */
export function markdownItem(line: string): string {
  const begun = line
    .trim()
    .replace(/^(\(?(?:\d+|[a-z]|[ivxlcdm]+|#))([.)])(?=\s|$)/i, '$1\\$2')
    // A box to tick is one in pandoc even where its brackets are escaped.
    .replace(/^(\\\[[ x]\\\])\s/i, '$1&nbsp;')
  return `- ${begun.replace(/^(?=[-+=%(#>:])/, '\\')}`
}

/** A duration in words: "40 s", "3 min 20 s", "1 h 5 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
