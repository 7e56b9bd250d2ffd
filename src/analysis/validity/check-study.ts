import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { unequalBlocks } from './blocks/unequal-blocks.js'
import { clientSaturated } from './client.js'
import { damagedLines } from './damaged-lines.js'
import { busyHost } from './disturbed/busy-host.js'
import { autovacuumInTrial, checkpointInTrial, clockDrift, stolenTime, swapping } from './disturbed/disturbances.js'
import { longRoundTrips } from './disturbed/long-round-trips.js'
import { idleWorkers } from './idle-workers.js'
import { blockedInTrial, interruptedInTrial } from './interruptions.js'
import { drift, memoryGrowth, positionEffect } from './order-effects.js'
import { largeBatches, levelsWithoutEffect } from './same-loads.js'
import { sessionFindings } from './session-findings.js'
import { settingsChanged } from './sessions.js'
import type { StudyFinding } from './study-finding.js'
import { shortTrials } from './trial-length.js'

/**
 * The checks, in the order in which their findings are reported: those that decide an answer first.
 */
const checks: readonly ((study: Study) => StudyFinding[])[] = [
  damagedLines,
  unequalBlocks,
  interruptedInTrial,
  blockedInTrial,
  busyHost,
  levelsWithoutEffect,
  largeBatches,
  settingsChanged,
  sessionFindings,
  shortTrials,
  idleWorkers,
  clientSaturated,
  longRoundTrips,
  checkpointInTrial,
  autovacuumInTrial,
  swapping,
  stolenTime,
  positionEffect,
  drift,
  memoryGrowth,
  clockDrift,
]

/**
 * Checks a study's validity by its own trials and sessions: returns findings, such as checkpoints
 * within trials, drift or a busy machine, each with a remedy, or an empty list. Values that were
 * not read raise none.
 *
 * @example
 * say(checkStudy(study))
 */
export function checkStudy(study: Study): StudyFinding[] {
  checkedStudy(study)
  return checks.flatMap((check) => check(study))
}
