import { fileURLToPath } from 'node:url'

/** The folder of the project that is measured: the one that holds its `package.json`. */
export const projectFolder = fileURLToPath(new URL('.', import.meta.resolve('copylab/package.json')))
