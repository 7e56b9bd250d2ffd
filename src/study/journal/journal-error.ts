import { fullName } from '../../project.js'

/** A journal that cannot be read, written or continued. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  /** Relative to the project where it lies inside, else in full. */
  readonly path: string
  readonly line: number | null
  constructor(path: string, line: number | null, message: string, options?: ErrorOptions) {
    const named = fullName(path)
    super(line === null ? `${named}: ${message}` : `${named}:${line}: ${message}`, options)
    this.path = named
    this.line = line
  }
}
