/**
 * Parts of pandoc's document model, as its JSON has them:
 * https://hackage.haskell.org/package/pandoc-types
 */

/** Id, classes, key–value pairs. */
export type Attributes = readonly [string, readonly string[], readonly (readonly [string, string])[]]

/** An element: a block or an inline. */
export interface Element {
  readonly t: string
  readonly c?: unknown
}

export interface Document {
  readonly 'pandoc-api-version': readonly number[]
  readonly meta: Readonly<Record<string, Element>>
  readonly blocks: readonly Element[]
}

/**
 * Replaces elements, outermost first: `change` gives what takes an element's place, or undefined to
 * search inside it.
 */
export function mapElements<T>(node: T, change: (element: Element) => readonly Element[] | undefined): T {
  if (Array.isArray(node)) {
    return node.flatMap((item: unknown): unknown[] => {
      if (!isElement(item)) return [mapElements(item, change)]
      return [...(change(item) ?? [mapInside(item, change)])]
    }) as T
  }
  return isElement(node) ? (mapInside(node, change) as T) : node
}

function mapInside(element: Element, change: (element: Element) => readonly Element[] | undefined): Element {
  return element.c === undefined ? element : { ...element, c: mapElements(element.c, change) }
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && typeof (value as Element).t === 'string'
}

/** All elements with a tag, in order. */
export function elementsOf(node: unknown, tag: string): Element[] {
  if (Array.isArray(node)) return node.flatMap((item) => elementsOf(item, tag))
  if (!isElement(node)) return []
  return node.t === tag ? [node, ...elementsOf(node.c, tag)] : elementsOf(node.c, tag)
}

/** The text of inlines and blocks, without marks. */
export function textOf(node: unknown): string {
  if (Array.isArray(node)) return node.map(textOf).join('')
  if (!isElement(node)) return ''
  switch (node.t) {
    case 'Str':
      return node.c as string
    case 'Space':
    case 'SoftBreak':
    case 'LineBreak':
      return ' '
    case 'Code':
    case 'Math':
    case 'CodeBlock':
      return (node.c as [unknown, string])[1]
    default:
      return textOf(node.c)
  }
}

/** Words as inlines. */
export function inlinesOf(text: string): Element[] {
  return text.split(/( +)/).flatMap((token): Element[] => {
    if (token === '') return []
    return [token.startsWith(' ') ? { t: 'Space' } : { t: 'Str', c: token }]
  })
}

/** Text that only one output format takes, in that format. */
export function raw(kind: 'Inline' | 'Block', format: 'latex' | 'typst' | 'html' | 'openxml', text: string): Element {
  return { t: `Raw${kind}`, c: [format, text] }
}
