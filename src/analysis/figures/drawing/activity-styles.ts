import { type Activity, activities, activityNames } from '../../explain/activities.js'
import { ink, type JsonObject } from './figure.js'

/** Style of the bars of one activity in every figure. */
export interface ActivityStyle {
  readonly color: string
  /** Plotly's name of the pattern; '' for none. */
  readonly pattern: string
}

/**
 * Style of each activity. The colours are those of Okabe & Ito (2008), with a brown, a grey, a
 * slate, two violets and two tints: work is blue, the server's waits are warm, those for other
 * nodes violet, the machine is green, the client light blue. Each has a pattern or a lightness of
 * its own, so that grey print keeps them distinct.
 */
export const activityStyles: { readonly [A in Activity]: ActivityStyle } = {
  running: { color: '#0072B2', pattern: '' },
  extension: { color: '#D55E00', pattern: '/' },
  wal: { color: '#E69F00', pattern: '|' },
  buffer: { color: '#F0E442', pattern: '.' },
  locks: { color: '#CC79A7', pattern: 'x' },
  io: { color: '#A0704A', pattern: '+' },
  other: { color: '#B3B3B3', pattern: '-' },
  queueing: { color: '#009E73', pattern: '\\' },
  client: { color: '#9BD3F3', pattern: '' },
  barrier: { color: '#EAF5FC', pattern: 'x' },
  nodes: { color: '#7A4F9A', pattern: '/' },
  distributedCommit: { color: '#B391CC', pattern: '|' },
  indexes: { color: '#56789A', pattern: '/' },
}

/**
 * Returns the activities that can be seen: those that are a thousandth of the greatest stack or
 * more in some stack, in the order in which figures stack them.
 */
export function visibleActivities(stacks: readonly { readonly [A in Activity]: number }[]): Activity[] {
  const sums = stacks.map((stack) => activityNames.reduce((sum, name) => sum + stack[name], 0))
  const least = Math.max(0, ...sums) / 1000
  return activityNames.filter((name) => stacks.some((stack) => stack[name] > 0 && stack[name] >= least))
}

/** Returns an activity's name in a legend. */
export function activityTitle(activity: Activity, cpuKnown = true): string {
  return activity === 'running' && !cpuKnown ? 'running or CPU queueing' : activities[activity].label
}

/** Returns the `marker` of Plotly's bars in a style; `size` is the pattern's, in pixels. */
export function barMarker({ color, pattern }: ActivityStyle, size = 6): JsonObject {
  return {
    color,
    line: { color: ink, width: 0.5 },
    ...(pattern && { pattern: { shape: pattern, bgcolor: color, fgcolor: ink, size, solidity: 0.15 } }),
  }
}
