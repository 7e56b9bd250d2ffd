import { join } from 'node:path'
import { dataFolder, projectRoot } from '#copylab/project.js'

/** Where results are kept. */
export const resultsFolder = join(projectRoot, 'bench', 'results')

/** The sources of the peers, and the places of the Python environment and the Go tool. */
export const peersFolder = join(projectRoot, 'bench', 'peers')

/** Files that exist only while the bench runs; ignored by git. */
export const temporaryFolder = join(dataFolder, 'out', 'bench')

/** The flights as one CSV file per day, written by `flights()`. */
export const flightsFolder = join(dataFolder, 'flights')
