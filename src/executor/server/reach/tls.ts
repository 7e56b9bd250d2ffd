import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import type { ClientConfig } from 'pg'

/** Encryption of a connection. pg reads the environment for fields that are left out. */
export interface Encryption {
  readonly ssl: NonNullable<ClientConfig['ssl']>
  readonly sslnegotiation: 'postgres' | 'direct'
}

/** No TLS, whatever the environment sets. */
export const noTls: Encryption = { ssl: false, sslnegotiation: 'postgres' }

/** Parameters of a connection that concern TLS, as libpq names them. */
export interface TlsParameters {
  readonly sslmode?: string
  readonly sslrootcert?: string
  readonly sslcert?: string
  readonly sslkey?: string
  readonly sslpassword?: string
  readonly sslnegotiation?: string
}

/** libpq's modes without `allow`, and node-postgres's `no-verify`. */
const modes = ['disable', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full']

/** Accepts a certificate for any name, as `sslmode=verify-ca` does. */
export const anyName = (): undefined => undefined

/**
 * Returns the ways to connect, in the order in which they are tried, by libpq's table of `sslmode`.
 * Without `sslmode` there is no TLS, but everything is checked where an authority is named. `say`
 * makes an error from a parameter and the text of what is wrong with it. The files of
 * `~/.postgresql` are used where no other is named.
 */
export function encryptionWays(given: TlsParameters, say: (name: string, wrong: string) => Error): Encryption[] {
  const { sslrootcert, sslnegotiation = 'postgres' } = given
  const mode = given.sslmode ?? (sslrootcert === undefined ? 'disable' : 'verify-full')
  if (mode === 'allow')
    throw say('sslmode', 'to be a mode other than allow, which copylab does not support: take prefer or disable')
  if (!modes.includes(mode)) throw say('sslmode', `to be one of ${modes.join(', ')}, got ${JSON.stringify(mode)}`)
  if (sslnegotiation !== 'postgres' && sslnegotiation !== 'direct')
    throw say('sslnegotiation', `to be postgres or direct, got ${JSON.stringify(sslnegotiation)}`)
  if (sslnegotiation === 'direct' && (mode === 'disable' || mode === 'prefer'))
    throw say('sslnegotiation', 'to be direct only with sslmode=require or a stricter one')
  if (sslrootcert === 'system' && mode !== 'verify-full')
    throw say('sslrootcert', 'to be system only with sslmode=verify-full')
  if (mode === 'disable') return [noTls]

  const own = ownCertificate(given, say)
  const unchecked = { ...own, rejectUnauthorized: false }
  const checked = (): tls.ConnectionOptions => ({ ...own, ...authorities(given, mode, say) })
  const encrypted = (ssl: tls.ConnectionOptions): Encryption => ({ ssl: usable(ssl, say), sslnegotiation })
  switch (mode) {
    case 'prefer':
      return [encrypted(unchecked), noTls]
    case 'require':
      return [encrypted(rootFile(given) === null ? unchecked : { ...checked(), checkServerIdentity: anyName })]
    case 'verify-ca':
      return [encrypted({ ...checked(), checkServerIdentity: anyName })]
    case 'verify-full':
      return [encrypted(checked())]
    default:
      return [encrypted(unchecked)]
  }
}

const inHome = (name: string): string => join(os.homedir(), '.postgresql', name)

/**
 * Returns the file of the authorities: the named one, which must exist, else that of the home
 * folder where it exists; null for none.
 */
function rootFile({ sslrootcert }: TlsParameters): string | null {
  return sslrootcert ?? (existsSync(inHome('root.crt')) ? inHome('root.crt') : null)
}

/**
 * Returns the authorities that may have signed the server's certificate: Node.js's own list for
 * `system`.
 */
function authorities(given: TlsParameters, mode: string, say: (name: string, wrong: string) => Error) {
  const file = rootFile(given)
  if (file === 'system') return {}
  if (file === null) {
    throw say(
      'sslrootcert',
      `to name the certificate of the server's authority, which sslmode=${mode} asks for: a file, or ~/.postgresql/root.crt, or system with sslmode=verify-full`,
    )
  }
  const ca = read('sslrootcert', file, say)
  if (!/-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(ca)) throw say('sslrootcert', 'to name a file with certificates')
  return { ca }
}

/** Returns the certificate of the client, where it has one. */
function ownCertificate(given: TlsParameters, say: (name: string, wrong: string) => Error): tls.ConnectionOptions {
  const cert = given.sslcert ?? (existsSync(inHome('postgresql.crt')) ? inHome('postgresql.crt') : undefined)
  if (cert === undefined) return {}
  const key = given.sslkey ?? inHome('postgresql.key')
  const passphrase = given.sslpassword
  return {
    cert: read('sslcert', cert, say),
    key: read('sslkey', key, say),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

function read(name: string, file: string, say: (name: string, wrong: string) => Error): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw say(name, `to name a file that can be read: ${(error as Error).message}`)
  }
}

function usable(ssl: tls.ConnectionOptions, say: (name: string, wrong: string) => Error): tls.ConnectionOptions {
  try {
    tls.createSecureContext(ssl)
    return ssl
  } catch (error) {
    const wrong = `to name certificates and a key that fit each other (${(error as Error).message})`
    throw say('sslrootcert, sslcert and sslkey', `${wrong}; a key with a password takes sslpassword`)
  }
}
