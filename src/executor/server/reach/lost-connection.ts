import type { ClientConfig } from 'pg'
import { DatabaseError } from '../../errors.js'
import { nameOf } from '../connection-error.js'

/**
 * Makes the error for an open connection that was lost, in one sentence: the server, the message of
 * the server or of the network, and its meaning.
 */
export function connectionLost(
  word: Error,
  { host = 'localhost', port = 5432, database = '' }: ClientConfig,
): DatabaseError {
  const place = nameOf({ host: host.startsWith('/') ? 'local socket' : host, port, database })
  const { code } = word as { code?: string }
  const reason = code && !word.message.includes(code) ? `${word.message}, ${code}` : word.message
  return new DatabaseError(`The connection to PostgreSQL at ${place} was lost (${reason}): ${meaningOf(code)}`, {
    cause: word,
  })
}

function meaningOf(code: string | undefined): string {
  switch (code) {
    case '57P01':
      return 'an administrator ended it, or the server is shutting down'
    case '57P02':
      return 'another process of the server crashed, and the server ended all connections: see its log'
    case '57P05':
      return 'turn idle_session_timeout off for this user'
    case '25P03':
      return 'turn idle_in_transaction_session_timeout off for this user'
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the server, or something between, closed it: check whether the server runs'
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the network gives no answer: check it, and its firewall'
    default:
      return 'the server, or something between, ended it: see its log'
  }
}
