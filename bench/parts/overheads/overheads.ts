import type { Part } from '../../part.js'
import { measureNotebookTimes, type NotebookTimes, showNotebookTimes } from './notebook-times.js'
import { measureStartOverhead, type StartOverhead, showStartOverhead } from './start-overhead.js'
import { measureStudyEfficiency, type StudyEfficiency, showStudyEfficiency } from './study-efficiency.js'

export interface Overheads {
  readonly studies: readonly StudyEfficiency[]
  readonly notebook: NotebookTimes
  readonly start: StartOverhead
}

/**
 * Time that copylab takes in addition to the trials that it measures: in a study, in a notebook,
 * and in `npm start`. Takes about ten minutes.
 */
export const overheads: Part<Overheads> = {
  name: 'overheads',
  title: 'What is not measured time',
  run: async (options) => ({
    studies: await measureStudyEfficiency(options),
    notebook: await measureNotebookTimes(options),
    start: await measureStartOverhead(options),
  }),
  show: ({ studies, notebook, start }) => [
    ...showStudyEfficiency(studies),
    ...showNotebookTimes(notebook),
    ...showStartOverhead(start),
  ],
}
