import type * as TypeScript from '@tslab/typescript-for-tslab'

type DisplayParts = readonly TypeScript.SymbolDisplayPart[]

/** The compiler's description of a name in a cell; tslab prints the parts one after the other. */
export interface QuickInfo {
  readonly displayParts?: DisplayParts
  readonly documentation?: DisplayParts
  readonly tags?: readonly TypeScript.JSDocTagInfo[]
}

/** Text that is put before that of a tag. */
const headings: { readonly [tag: string]: string } = {
  throws: 'Throws ',
  default: 'Default: ',
  deprecated: 'Deprecated: ',
  returns: 'Returns ',
  see: 'See ',
}

/**
 * Information about a name with its tags written out, below its description: tslab prints the text
 * of a tag without the tag, so that a default is a bare value, an example a sentence.
 */
export function withReadableTags<Info extends QuickInfo>(info: Info): Info {
  const { documentation = [], tags = [] } = info
  const paragraphs = [textOf(documentation), ...tags.map(tagText)].filter((text) => text !== '')
  const text = paragraphs.join('\n\n')
  return { ...info, documentation: text === '' ? [] : [{ kind: 'text', text }], tags: [] }
}

function tagText({ name, text }: TypeScript.JSDocTagInfo): string {
  const said = textOf(text ?? [])
  if (name === 'example') return `Example:\n\n${indented(said)}`
  const heading = headings[name]
  return heading === undefined ? `@${name} ${said}`.trimEnd() : `${heading}${said}`.trimEnd()
}

function textOf(parts: DisplayParts): string {
  return parts.map(({ text }) => text).join('')
}

function indented(code: string): string {
  return code.replace(/^(?=.)/gm, '  ')
}
