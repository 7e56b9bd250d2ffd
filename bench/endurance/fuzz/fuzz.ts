import { formatNumber } from '#copylab/analysis/tables/tables.js'
import type { Endurance, EnduranceOptions } from '../endurance.js'
import { fuzzClaims } from './claims.js'
import { fuzzConversation } from './conversation.js'
import { fuzzCsv } from './csv.js'
import { fuzzDialects } from './dialects.js'
import { fuzzEncoders } from './encoders.js'
import { fuzzFrames } from './frames.js'
import type { Fuzzed } from './fuzzed.js'
import { fuzzJournals } from './journals.js'
import { fuzzKernel } from './kernel.js'
import { fuzzNotebooks } from './notebooks.js'
import { fuzzValues } from './values.js'

/** What inputs that nobody wrote are given to. */
const fuzzings = {
  csv: fuzzCsv,
  dialects: fuzzDialects,
  encoders: fuzzEncoders,
  values: fuzzValues,
  journals: fuzzJournals,
  notebooks: fuzzNotebooks,
  frames: fuzzFrames,
  conversation: fuzzConversation,
  kernel: fuzzKernel,
  claims: fuzzClaims,
} as const satisfies Record<string, (options: EnduranceOptions) => Promise<Fuzzed>>

type Name = keyof typeof fuzzings

const names = Object.keys(fuzzings) as readonly Name[]

const titles: Readonly<Record<Name, string>> = {
  csv: 'texts read as CSV',
  dialects: 'files as other programs write them',
  encoders: 'values sent by COPY, of all types, as text and as binary',
  values: 'texts read as values of all types, and by COPY',
  journals: 'damaged journals',
  notebooks: 'notebook files',
  frames: 'messages of a kernel',
  conversation: 'messages of a fake kernel, over its sockets',
  kernel: 'messages to a kernel that runs',
  claims: 'files of claims',
}

/** What came of the inputs of each kind: a run that is kept may be from before there was one. */
export type Fuzz = Readonly<Partial<Record<Name, Fuzzed>>>

/**
 * Inputs that nobody wrote, random and right ones that were changed, given to whatever reads or
 * writes what others read.
 */
export const fuzz: Endurance<Fuzz> = {
  name: 'fuzz',
  title: 'Inputs that nobody wrote',
  run: async (options) => {
    const found: Partial<Record<Name, Fuzzed>> = {}
    for (const name of names) found[name] = await fuzzings[name](options)
    return found
  },
  wrong: (result) =>
    tried(result).flatMap(([name, { inputs, wrong, examples }]) => {
      return [
        ...(inputs === 0 ? [`${titles[name]}: none was tried`] : []),
        ...(wrong > 0 ? [`${titles[name]}: ${wrong} times, such as`, ...examples] : []),
      ]
    }),
  show: (result) =>
    tried(result).map(([name, { inputs, outcomes }]) => {
      const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${formatNumber(count, 0)}`)
      const listed = name === 'encoders' || name === 'values' ? `${counts.length} types` : counts.join(', ')
      return `${formatNumber(inputs, 0)} ${titles[name]}: ${listed}`
    }),
}

function tried(result: Fuzz): (readonly [Name, Fuzzed])[] {
  return names.flatMap((name) => {
    const fuzzed = result[name]
    return fuzzed ? [[name, fuzzed] as const] : []
  })
}
