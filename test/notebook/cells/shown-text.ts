import type { Output } from '../../../src/entries/chapter.js'

/** The plain text of a cell's outputs. */
export function shownText(outputs: readonly Output[]): string {
  const texts = outputs.map((output) => {
    if (output.output_type === 'stream') return output.text
    if (output.output_type === 'error') return `${output.ename}: ${output.evalue}`
    return String(output.data['text/plain'])
  })
  return texts.map((text) => [text].flat().join('').trimEnd()).join('\n')
}
