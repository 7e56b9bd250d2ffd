import { compileDateFormat, type DateFormat } from './date-format.js'
import type { Moment } from './moment.js'

/** Order of the parts of a date: two formats of one order read a date alike, if both read it. */
export type DateOrder = 'day first' | 'month first' | 'year first'

/** A format that programs write dates and times in. */
export interface KnownFormat extends DateFormat {
  readonly template: string
  readonly order: DateOrder
}

const marks = ['.', '/', '-', ' ']
const dates: readonly (readonly [DateOrder, readonly string[]])[] = [
  ['year first', [...marks.flatMap((mark) => ['YYYY-MM-DD', 'YYYY-Mon-DD', 'YY-MM-DD'].map(marked(mark))), 'YYYYMMDD']],
  [
    'day first',
    [
      ...marks.flatMap((mark) =>
        ['DD-MM-YYYY', 'DD-Mon-YYYY', 'DD-Month-YYYY', 'DD-MM-YY', 'DD-Mon-YY'].map(marked(mark)),
      ),
      'DD. MM. YYYY',
      'DD. Mon YYYY',
      'DD. Month YYYY',
      'DDMonYYYY',
    ],
  ],
  [
    'month first',
    [
      ...marks.flatMap((mark) => ['MM-DD-YYYY', 'Mon-DD-YYYY', 'MM-DD-YY'].map(marked(mark))),
      'Mon DD, YYYY',
      'Month DD, YYYY',
      'Month DD YYYY',
    ],
  ],
]
const times = [
  ...['HH24:MI', 'HH24:MI:SS', 'HH24:MI:SS.US', 'HH24:MI:SS,US'].flatMap((time) =>
    [' ', 'T', ', '].flatMap((mark) => ['', 'TZH:TZM', ' TZH:TZM'].map((zone) => `${mark}${time}${zone}`)),
  ),
  ...['HH12:MI', 'HH12:MI:SS', 'HH12:MI:SS.US'].flatMap((time) =>
    [' ', ', '].flatMap((mark) => ['AM', ' AM'].map((half) => `${mark}${time}${half}`)),
  ),
  // Of Oracle, and of countries that write times with points.
  ...['HH24.MI', 'HH24.MI.SS', 'HH12.MI.SS.US AM', 'HH12.MI.SS.US AM TZH:TZM'].map((time) => ` ${time}`),
]

function marked(mark: string): (date: string) => string {
  return (date) => date.replaceAll('-', mark)
}

/**
 * Returns all formats among which that of a column is searched for, the simpler ones first: years
 * of four and two digits, names of months, with and without times and zones.
 */
export function knownFormats(): readonly KnownFormat[] {
  return ['', ...times].flatMap((time) =>
    dates.flatMap(([order, templates]) =>
      templates.map((date) => ({ template: `${date}${time}`, order, ...compileDateFormat(`${date}${time}`) })),
    ),
  )
}

/** Returns those of the formats that read `bytes[from]` up to but without `bytes[to]`. */
export function formatsOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  among: readonly KnownFormat[],
): readonly KnownFormat[] {
  const moment: Moment = { day: 0, micros: 0 }
  return among.filter(({ read }) => read(bytes, from, to, moment))
}
