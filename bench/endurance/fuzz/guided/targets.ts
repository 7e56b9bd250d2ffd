import { csvTarget } from './csv.js'
import { journalTarget } from './journal.js'
import type { GuidedTarget } from './target.js'
import { wireTarget } from './wire.js'

/** The readers of bytes that a coverage-guided fuzzer is let loose on. */
export const targets: readonly GuidedTarget[] = [csvTarget, journalTarget, wireTarget]
