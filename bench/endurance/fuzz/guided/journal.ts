import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkStudy, summarise, trialRows } from 'copylab/analysis'
import { JournalError, readStudy } from 'copylab/executor'
import { sealedLine } from '#copylab/study/journal/seal.js'
import { journalKinds } from '../../../journals/kinds.js'
import type { GuidedTarget } from './target.js'

/** Lines that a journal begins with, before those that are tried: its plan and its context. */
const begunWith = 2

const words = [
  'null',
  '[]',
  '{}',
  'true',
  '-1',
  '1e300',
  '0.5',
  '""',
  '"trial"',
  '"state"',
  '"__proto__"',
  '2001-02-30',
]

/**
 * Bytes as the further lines of a journal. Those that are objects are sealed as they should be, so
 * that what is tried is the reader of lines and not that of their digests.
 */
export const journalTarget: GuidedTarget = {
  name: 'journal',
  title: "a journal's lines",
  open: (folder) => {
    const [whole] = journalKinds()
    const { study, hash, lines } = whole!
    const first = lines.slice(0, begunWith)
    const [trial, another] = lines.slice(begunWith).map(unsealed)
    const seeds = [trial!, `${trial}\n${another}`, '{"type":"stop"}', '{}\n[]\nnull\n']
    mkdirSync(join(folder, study), { recursive: true })
    const outcome = async (bytes: Buffer): Promise<string> => {
      const more = bytes
        .toString()
        .split('\n')
        .map((text, k) => sealed(text, begunWith + 1 + k, hash))
      writeFileSync(join(folder, study, `${hash}.jsonl`), [...first, ...more].join('\n'))
      let told = 0
      try {
        const read = readStudy(study, { folder, onWarning: () => told++ })
        trialRows(read, { phase: 'all', state: 'all' })
        summarise(read)
        told += checkStudy(read).length
      } catch (error) {
        if (!(error instanceof JournalError)) throw error
        return 'refused'
      }
      return told > 0 ? 'read, with a word' : 'read'
    }
    return { seeds: seeds.map((text) => Buffer.from(text)), words, outcome }
  },
}

function unsealed(line: string): string {
  const { line: _, digest: __, ...content } = JSON.parse(line) as Record<string, unknown>
  return JSON.stringify(content)
}

function sealed(text: string, line: number, hash: string): string {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return text
    return sealedLine(line, content, hash)
  } catch {
    return text
  }
}
