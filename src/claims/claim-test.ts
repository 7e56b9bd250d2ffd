import type { StatedTest } from './claims.js'
import { bestSetTest } from './tests/best-set.js'
import { contentionTest } from './tests/contention.js'
import { contrastsTest } from './tests/contrasts.js'
import { interactionTest } from './tests/interaction.js'
import type { ClaimTest, Evidence } from './tests/judged.js'
import { peakTest } from './tests/peak.js'
import { ruleTest } from './tests/rule.js'
import { spreadTest } from './tests/spread.js'

/** The test of a claim on the first study that has what it needs; null where none has. */
export function claimTest(test: StatedTest, evidence: Evidence): ClaimTest | null {
  switch (test.kind) {
    case 'contrasts':
      return contrastsTest(test, evidence)
    case 'spread':
      return spreadTest(test, evidence)
    case 'best-set':
      return bestSetTest(test, evidence)
    case 'interaction':
      return interactionTest(test, evidence)
    case 'contention':
      return contentionTest(test, evidence)
    case 'rule':
      return ruleTest(test, evidence)
    case 'peak':
      return peakTest(test, evidence)
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}
