import type { ClientConfig } from 'pg'
import { DatabaseError } from '../errors.js'
import type { Connection } from './server.js'

/** Address of a server for messages: host, port and database. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly database: string
}

/** Remedies for the kind of server: the second half of a message. */
export interface Remedies {
  /** When nothing answers: how the server is started or reached. */
  readonly unreachable: string
  /** When the user or the password is refused, or a password is missing. */
  readonly refused: string
}

/** "host:5432/copylab" */
export const nameOf = ({ host, port, database }: Place): string => `${host}:${port}/${database}`

/**
 * Makes the error for a connection that cannot be made, in one sentence with its remedy. Neither
 * the message nor the cause holds the password.
 */
export function connectionError(error: unknown, place: Place, config: ClientConfig, remedies: Remedies): DatabaseError {
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  const reason = withoutPassword(message, config.password)
  const cause = Object.assign(new Error(reason), code ? { code } : {})
  return new DatabaseError(reasonOf(code, reason, place, remedies), { cause })
}

/**
 * Makes the error for a further connection to a server that was reached before: it, or the network
 * to it, went away meanwhile.
 */
export function connectionGone(error: Error, { config, facts }: Connection): DatabaseError {
  return connectionError(error, facts, config, {
    unreachable: 'it, or the network to it, went away: see its log',
    refused: 'they were right a moment ago',
  })
}

/**
 * Whether a connection failed, as `connectionError` describes it, over TLS or because the server
 * accepts no connection by TLS.
 */
export function refusesTls(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false
  const { code = '', message = '' } = (error.cause ?? {}) as { code?: string; message?: string }
  return /^(28000$|ERR_SSL|ERR_TLS|EPROTO$)/.test(code) || /SSL/.test(message)
}

function reasonOf(code: string, reason: string, place: Place, remedies: Remedies): string {
  const name = nameOf(place)
  switch (code) {
    case '28P01':
      return `PostgreSQL at ${name} refused the user or the password: ${remedies.refused}`
    case '28000':
      return `PostgreSQL at ${name} does not let this user in from here (${reason}): allow it in pg_hba.conf, or change user or sslmode`
    case '3D000':
      return `PostgreSQL at ${place.host}:${place.port} has no database ${place.database}: create it with \`createdb ${place.database}\`, or name another`
    case '42501':
      return `The user may not connect to ${name}: GRANT CONNECT ON DATABASE to it, or name another database`
    case '53300':
      return `PostgreSQL at ${name} has no connection left: close other clients, or raise max_connections`
    case '57P03':
      return `PostgreSQL at ${name} is starting up or shutting down: try again in a moment`
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `No server listens at ${name}: ${remedies.unreachable}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${place.host} is not known: correct its name`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `The host ${place.host} cannot be reached: check the network and its firewall`
  }
  if (/unsupported (options )?startup parameter/.test(reason)) {
    return `A pooler stands between copylab and PostgreSQL at ${name}, and refuses what a connection is started with (${reason}), as PgBouncer does: connect to the server itself, or to a pool in session mode with ignore_startup_parameters = options`
  }
  // The client's own; the server's time-outs have a code.
  if (code === '' && /timeout/i.test(reason)) {
    return `PostgreSQL at ${name} does not answer: check host, port and firewall`
  }
  if (/does not support SSL/.test(reason)) {
    return `PostgreSQL at ${name} does not speak TLS: connect with sslmode=disable`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${name} is for another name (${reason}): connect by a name that it is for, or with sslmode=verify-ca, which does not check names`
  }
  if (/certificate|CERT/i.test(`${code} ${reason}`)) {
    return `The certificate of ${name} is not trusted (${reason}): give its authority by sslrootcert, or connect with sslmode=no-verify`
  }
  if (/password must be a string/.test(reason)) {
    return `PostgreSQL at ${name} asks for a password and none is given: ${remedies.refused}`
  }
  return `PostgreSQL at ${name} cannot be used (${reason}): ${remedies.unreachable}`
}

function withoutPassword(text: string, password: ClientConfig['password']): string {
  if (typeof password !== 'string' || password === '') return text
  return text.replaceAll(password, '***').replaceAll(encodeURIComponent(password), '***')
}
