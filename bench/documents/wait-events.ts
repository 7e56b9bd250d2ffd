import { activities } from '#copylab/analysis/explain/activities.js'
import { markdownTable } from '#copylab/analysis/tables/render.js'
import { waitEventRows } from '#copylab/study/journal/wait-events.js'

/** What each wait event counts as, and in which versions of PostgreSQL it is found. */
export function waitEventsText(): string[] {
  return markdownTable(
    ['wait event', 'PostgreSQL', 'activity', 'lock wait'],
    waitEventRows.map(({ event, activity, contention, from, to }) => [
      `\`${event}\``,
      from ? `${from} and newer` : to ? `14 to ${to}` : '',
      activities[activity].label,
      contention ? 'yes' : '',
    ]),
  )
}
