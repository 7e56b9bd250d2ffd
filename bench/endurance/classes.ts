import type { Endurance } from './endurance.js'
import { copiesAhead } from './faults/copies-ahead.js'
import { faults } from './faults/faults.js'
import { fuzz } from './fuzz/fuzz.js'
import { kills } from './kills/kills.js'
import { soak } from './soak/soak.js'

/** All classes, in the order in which they run. */
export const classes: readonly Endurance[] = [kills, fuzz, soak, faults, copiesAhead]
