import pg from 'pg'
import { BadRecordError, CopyError, DatabaseError, InputError, InterventionError } from '../errors.js'

type PlainValue = string | number | boolean | null

/**
 * An error as plain data: cloning would turn it into an `Error` without its class and its fields.
 */
export interface PackedError {
  readonly kind: 'CopyError' | 'BadRecordError' | 'pg' | 'other' | keyof typeof withoutFields
  readonly message: string
  readonly stack: string | undefined
  /** Its own fields that are plain values: place, SQLSTATE, the server's detail. */
  readonly fields: Readonly<Record<string, PlainValue>>
  readonly cause: PackedError | null
}

/** Errors that have no fields of their own. */
const withoutFields = { DatabaseError, InputError, InterventionError } as const

/** Packs whatever was thrown, its causes included. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) {
    return { kind: 'other', message: String(thrown), stack: undefined, fields: {}, cause: null }
  }
  const fields: Record<string, PlainValue> = { name: thrown.name }
  for (const [name, value] of Object.entries(thrown)) {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) fields[name] = value as PlainValue
  }
  return {
    kind: kindOf(thrown),
    message: thrown.message,
    stack: thrown.stack,
    fields,
    cause: thrown.cause === undefined ? null : packError(thrown.cause),
  }
}

/** Restores a packed error as an instance of its class. */
export function unpackError({ kind, message, stack, fields, cause }: PackedError): Error {
  const options = cause ? { cause: unpackError(cause) } : {}
  return Object.assign(make(kind, message, options), fields, stack === undefined ? {} : { message, stack })
}

function kindOf(error: Error): PackedError['kind'] {
  if (error instanceof CopyError || error instanceof BadRecordError) return error.name
  for (const Own of Object.values(withoutFields))
    if (error instanceof Own) return error.name as keyof typeof withoutFields
  return error instanceof pg.DatabaseError ? 'pg' : 'other'
}

/** Constructs an error without its location: the fields are assigned afterwards. */
function make(kind: PackedError['kind'], message: string, options: ErrorOptions): Error {
  switch (kind) {
    case 'CopyError':
      return new CopyError({ worker: -1, batch: -1, firstRecord: -1, record: null, sqlState: null }, message, options)
    case 'BadRecordError':
      return new BadRecordError('', 0, '', options)
    case 'pg':
      return new pg.DatabaseError(message, message.length, 'error')
    case 'other':
      return new Error(message, options)
    default:
      return new withoutFields[kind](message, options)
  }
}
