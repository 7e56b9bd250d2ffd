import type { StatedTest } from './claims.js'
import { bestSetTest } from './tests/best-set.js'
import { changeTest } from './tests/change.js'
import { contrastsTest } from './tests/contrasts.js'
import { interactionTest } from './tests/interaction.js'
import type { ClaimTest, Evidence } from './tests/judged.js'
import { measurementTest } from './tests/measurement.js'
import { peakTest } from './tests/peak.js'
import { reliefTest } from './tests/relief.js'
import { reportTest } from './tests/report.js'
import { ruleTest } from './tests/rule.js'
import { shiftTest } from './tests/shift.js'
import { spreadTest } from './tests/spread.js'

/**
 * Runs the test of a claim on the first study that has the trials it needs; null where none has.
 */
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
    case 'shift':
      return shiftTest(test, evidence)
    case 'change':
      return changeTest(test, evidence)
    case 'relief':
      return reliefTest(test, evidence)
    case 'rule':
      return ruleTest(test, evidence)
    case 'peak':
      return peakTest(test, evidence)
    case 'report':
      return reportTest(test, evidence)
    case 'measurement':
      return measurementTest(test, evidence)
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}
