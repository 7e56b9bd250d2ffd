import { type CalibrationResult, calibrationTable } from '../calibration/table.js'
import { answerText, claimsText } from './answer.js'
import { commandsText } from './commands.js'
import { designText } from './design.js'
import { enduranceText } from './endurance.js'
import { factorsText } from './factors.js'
import { knownCausesText } from './known-causes.js'
import { presetsText } from './presets.js'
import type { Reference } from './reference.js'
import { readResult } from './results.js'
import { verdictsText } from './rules.js'
import {
  aimsText,
  ceilingText,
  costText,
  cpuTimeText,
  encodersText,
  filesText,
  loadersText,
  relayCostText,
  spellingsText,
} from './speed-tables.js'
import { waitEventsText } from './wait-events.js'

/** A part of a page that is computed: what stands between the marks of its name. */
export interface Block {
  /** Seen from the project's folder. */
  readonly page: string
  readonly name: string
  /** Its lines. */
  readonly write: (reference: Reference) => readonly string[]
}

/** Every part of the documents that is computed. */
export const blocks: readonly Block[] = [
  { page: 'README.md', name: 'answer', write: answerText },
  { page: 'docs/claims.md', name: 'claims', write: claimsText },
  { page: 'docs/method.md', name: 'verdicts', write: verdictsText },
  { page: 'docs/method.md', name: 'cost', write: costText },
  { page: 'docs/method.md', name: 'design', write: designText },
  { page: 'docs/method.md', name: 'known-causes', write: knownCausesText },
  { page: 'docs/servers.md', name: 'wait-events', write: waitEventsText },
  { page: 'docs/factors.md', name: 'factors', write: factorsText },
  { page: 'docs/statistics.md', name: 'calibration', write: () => simulated('calibration') },
  { page: 'docs/statistics.md', name: 'recommending', write: () => simulated('recommending') },
  { page: 'docs/speed.md', name: 'aims', write: aimsText },
  { page: 'docs/speed.md', name: 'loaders', write: loadersText },
  { page: 'docs/speed.md', name: 'files', write: filesText },
  { page: 'docs/speed.md', name: 'spellings', write: spellingsText },
  { page: 'docs/speed.md', name: 'cpu-time', write: cpuTimeText },
  { page: 'docs/factors.md', name: 'relay-cost', write: relayCostText },
  { page: 'docs/speed.md', name: 'ceiling', write: ceilingText },
  { page: 'docs/speed.md', name: 'encoders', write: encodersText },
  { page: 'docs/reliability.md', name: 'endurance', write: enduranceText },
  { page: 'docs/command-line.md', name: 'presets', write: presetsText },
  { page: 'docs/command-line.md', name: 'commands', write: commandsText },
]

function simulated(part: string): string[] {
  return calibrationTable(readResult<CalibrationResult>(part))
}

/** The text of a block, as it stands between its marks. */
export function blockText(block: Block, reference: Reference): string {
  return `${block.write(reference).join('\n')}\n`
}
