import type { Part } from '../part.js'
import { calibration, recommending } from './calibration.js'
import { ceiling } from './ceiling.js'
import { cpuTime } from './cpu-time.js'
import { encoders } from './encoders.js'
import { files } from './files.js'
import { importing } from './import.js'
import { journals } from './journals.js'
import { knownCausesPart } from './known-causes.js'
import { loading } from './loading.js'
import { memory } from './memory/memory.js'
import { overheads } from './overheads/overheads.js'
import { probeCost } from './probe-cost.js'
import { reading } from './reading.js'
import { relayCost } from './relay-cost.js'
import { spellings } from './spellings.js'

/** All parts of the bench, in the order in which they run. */
export const parts: readonly Part[] = [
  loading,
  files,
  spellings,
  cpuTime,
  importing,
  ceiling,
  encoders,
  reading,
  memory,
  overheads,
  probeCost,
  relayCost,
  knownCausesPart,
  calibration,
  recommending,
  journals,
]
