/**
 * What Jazzer loads, in the process that it fuzzes: the target and the folder that the environment
 * names.
 */

import { targets } from './targets.js'

const { GUIDED_TARGET: name, GUIDED_FOLDER: folder } = process.env
const target = targets.find((one) => one.name === name)
if (target === undefined || folder === undefined) throw new Error('GUIDED_TARGET and GUIDED_FOLDER are to be set')
const { outcome } = target.open(folder)

/** Tries bytes. Rejects where what came out must not be. */
export async function fuzz(bytes: Buffer): Promise<void> {
  await outcome(bytes)
}
