import { type Endurance, shareOf } from '../endurance.js'
import { fullTrials, type LongJournal, measureJournal, showJournal, wrongJournal } from './journal/journal.js'
import { judgedTrials } from './length/growth.js'
import { growthText, type Length, measureLength, trialsPerBlock, wrongLength } from './length/length.js'
import { fewestValues } from './length/slope.js'
import { loadManyRecords, type ManyRecords, showRecords, wrongRecords } from './records/many-records.js'
import { measureWidth, type Width, widthText, wrongWidth } from './width/width.js'

/** Many trials in one process, many workers, a long journal, many records. */
export interface Soak {
  readonly length: Length
  readonly width: Width
  readonly journal: LongJournal
  readonly records: ManyRecords
}

/** Length and width. */
export const soak: Endurance<Soak> = {
  name: 'soak',
  title: 'Length and width: many trials in one process, many workers, a long journal, many records',
  async run(options) {
    const blocks = Math.max(fewestValues, Math.ceil(shareOf(judgedTrials, options) / trialsPerBlock))
    return {
      length: await measureLength({ ...options, blocks }),
      width: await measureWidth(options),
      journal: await measureJournal({ ...options, trials: shareOf(fullTrials, options), repeats: 5 }),
      records: await loadManyRecords(options),
    }
  },
  wrong: ({ length, width, journal, records }) => [
    ...wrongLength(length),
    ...wrongWidth(width),
    ...wrongJournal(journal),
    ...wrongRecords(records),
  ],
  show: ({ length, width, journal, records }) => [
    `${length.trials} trials in one process; each takes ${Math.round(length.resultBytes)} bytes of its study`,
    ...length.quantities.map(growthText),
    ...width.cases.map(widthText),
    ...showJournal(journal),
    ...showRecords(records),
  ],
}
