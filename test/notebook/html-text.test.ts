import { expect, test } from 'vitest'
import { decodeEntities, scriptJson, scriptSource, textOfHtml } from '../../src/notebook/html-text.js'

test('scriptJson and scriptSource leave nothing that could end a script or open a comment', () => {
  const json = scriptJson({ text: '</script><!-- \u2028' })
  expect(json).not.toMatch(/<|\u2028/)
  expect(JSON.parse(json)).toEqual({ text: '</script><!-- \u2028' })
  expect(scriptSource("a = '</script>' + '<!--'")).toBe("a = '<\\/script>' + '<\\!--'")
})

test('textOfHtml has a line for each row or block, and its own spaces only', () => {
  expect(
    textOfHtml('<style>p {}</style><p>One &amp;\n two</p><table><tr><th>a</th> <td>1&nbsp;&#215;</td></tr></table>'),
  ).toBe('One & two\na | 1 ×')
})

test('decodeEntities gives characters for numbers and known names, once, and leaves the rest', () => {
  expect(decodeEntities('&lt;b&gt; &#39;x&#39;&nbsp;&amp;lt; &unknown; a & b')).toBe(
    "<b> 'x'\u00a0&lt; &unknown; a & b",
  )
})
