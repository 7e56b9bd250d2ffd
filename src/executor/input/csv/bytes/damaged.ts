import { InputError } from '../../../errors.js'

/** Makes the error for a compressed file that cannot be decompressed to its end. */
export function damaged(name: string, reason: string, cause?: unknown): InputError {
  return new InputError(`${name} is damaged or cut off: ${reason}; get it again, or take it out of the folder`, {
    cause,
  })
}
