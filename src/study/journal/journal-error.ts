/** A journal that cannot be read or may not be continued. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly path: string
  readonly line: number | null
  constructor(path: string, line: number | null, message: string, options?: ErrorOptions) {
    super(line === null ? `${path}: ${message}` : `${path}:${line}: ${message}`, options)
    this.path = path
    this.line = line
  }
}
