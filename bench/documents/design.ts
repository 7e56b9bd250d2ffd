import { designStudy, sentencesOf } from 'copylab/analysis'
import type { Reference } from './reference.js'

/** What the page takes for true: the pilot's estimate, a share in the band, and its edge. */
const truths = [undefined, 0.1, 0.05]

/** How many blocks decide C1, by the reference study, where different effects are true. */
export function designText({ main }: Reference): string[] {
  const sentences = truths.map((truth) => sentencesOf(designStudy(main, 'C1', { truth })))
  return sentences.flatMap((own, k) => {
    // What is assumed is the same but for the truth.
    const shown = k === 0 ? own : own.slice(0, -1)
    return shown.map((sentence) => `- ${sentence}.`)
  })
}
