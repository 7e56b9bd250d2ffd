import { InputError } from '../errors.js'
import type { FileSpec } from './file-spec.js'
import type { InputFile } from './input.js'
import { type OtherReader, otherReaders } from './other-reader.js'

/**
 * Attaches the specification to the file object itself: it is not enumerable, so that a copy
 * (`{ ...file, analyse }`), whose functions may be others, has none. The file is frozen for the
 * same reason.
 */
export function withSpec(file: InputFile, spec: FileSpec): InputFile {
  return Object.freeze(Object.defineProperty(file, 'spec', { value: spec, enumerable: false }))
}

/**
 * Returns the file's specification, by which `reader` makes it again. Throws `InputError` for a
 * file that has none.
 */
export function specOf(file: InputFile, reader: OtherReader): FileSpec {
  if (file.spec && Object.hasOwn(file, 'spec')) return file.spec
  const { name, instead } = otherReaders[reader]
  throw new InputError(
    `The file ${file.name} cannot be read by ${name}, since functions of its own read it: ${instead}, or take an input made by flights(), csv() or synthetic() as it is`,
  )
}
