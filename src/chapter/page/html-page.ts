import { escapeHtml } from '../../format.js'

export interface PageParts {
  readonly title: string
  /** The content security policy: the sources that the page may load from and run. */
  readonly policy: string
  readonly style: string
  readonly body: string
}

/** A page that holds its style. */
export function pageHtml({ title, policy, style, body }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
}
