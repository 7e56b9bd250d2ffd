import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project that is measured: the one that holds its `package.json`. */
export const projectFolder = fileURLToPath(new URL('.', import.meta.resolve('copylab/package.json')))

/** Where results are kept. */
export const resultsFolder = join(projectFolder, 'bench', 'results')

/** The sources of the peers, and where the Python environment and the Go tool are looked for. */
export const peersFolder = join(projectFolder, 'bench', 'peers')

/** Files that exist only while the bench runs; ignored by git. */
export const temporaryFolder = join(projectFolder, 'data', 'out', 'bench')

/** The flights as one CSV file per day, written by `flights()`. */
export const flightsFolder = join(projectFolder, 'data', 'flights')
