import os from 'node:os'
import type { ClientConfig } from 'pg'
import type { Place } from '../connection-error.js'
import { type Encryption, encryptionWays, noTls } from './tls.js'

/**
 * Place of a server and how to connect to it: the configuration without encryption, and the ways to
 * encrypt in the order in which they are tried.
 */
export interface Address {
  readonly place: Place
  readonly config: ClientConfig
  readonly ways: readonly Encryption[]
}

/**
 * The parameters that are used, as libpq names them, and the environment variables used in their
 * absence.
 */
const variables = {
  host: 'PGHOST',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslpassword: null,
} as const

type Parameter = keyof typeof variables
type Parameters = { readonly [P in Parameter]?: string }

/**
 * Parameters that copylab does not support, with their environment variables, and the harmless
 * values that have no effect.
 */
const unfollowed: { readonly [parameter: string]: { readonly variable: string; readonly harmless?: RegExp } } = {
  service: { variable: 'PGSERVICE' },
  hostaddr: { variable: 'PGHOSTADDR' },
  channel_binding: { variable: 'PGCHANNELBINDING', harmless: /^(disable|prefer)$/ },
  gssencmode: { variable: 'PGGSSENCMODE', harmless: /^(disable|prefer)$/ },
  require_auth: { variable: 'PGREQUIREAUTH' },
  requirepeer: { variable: 'PGREQUIREPEER' },
  requiressl: { variable: 'PGREQUIRESSL', harmless: /^0$/ },
  sslcrl: { variable: 'PGSSLCRL' },
  sslcrldir: { variable: 'PGSSLCRLDIR' },
  target_session_attrs: { variable: 'PGTARGETSESSIONATTRS', harmless: /^(any|read-write|primary)$/ },
}

/** Parameters that copylab sets itself on every connection. */
const own = ['application_name', 'fallback_application_name', 'client_encoding', 'uselibpqcompat']

const given = '`connectionString` or DATABASE_URL'

/**
 * Reads an address as libpq does: from a connection string
 * (`postgresql://user:password@host:port/database?sslmode=…`, or `/folder/of/socket database`), and
 * what that does not state from the `PG*` variables. Throws `TypeError` that names what is not
 * supported; of a connection string it repeats nothing that may be a part of a password.
 */
export function addressOf(connectionString: string | undefined): Address {
  const stated = connectionString ? statedIn(connectionString) : {}
  refuseUnfollowed()
  const parameters: Parameters = { ...stated }
  for (const name of Object.keys(variables) as Parameter[]) {
    const value = parameters[name] || (variables[name] && process.env[variables[name]]) || undefined
    Object.assign(parameters, { [name]: value })
  }
  const say = (name: string, wrong: string): TypeError => {
    const variable = variables[name as Parameter]
    return new TypeError(
      `Expected ${variable && !stated[name as Parameter] && process.env[variable] ? variable : `${name} of ${given}`} ${wrong}`,
    )
  }
  const host = hostOf(parameters.host ?? 'localhost', say)
  const port = portOf(parameters.port ?? '5432', say)
  const user = parameters.user ?? userName(say)
  const database = parameters.dbname ?? user
  const seconds = secondsOf(parameters.connect_timeout ?? '0', say)
  const isSocket = host.startsWith('/')
  const { password, options } = parameters
  return {
    place: { host: isSocket ? 'local socket' : host, port, database },
    config: {
      host,
      port,
      user,
      database,
      ...(password === undefined ? {} : { password }),
      ...(options === undefined ? {} : { options }),
      ...(seconds > 0 && { connectionTimeoutMillis: seconds * 1000 }),
    },
    // As in libpq: a socket of this machine cannot be intercepted.
    ways: isSocket ? [noTls] : encryptionWays(parameters, say),
  }
}

/** Returns the name of the user who runs this process. */
function userName(say: (name: string, wrong: string) => TypeError): string {
  try {
    return os.userInfo().username
  } catch {
    throw say('user', 'to be given, because this process runs as a user without a name')
  }
}

function hostOf(host: string, say: (name: string, wrong: string) => TypeError): string {
  if (host.includes(',')) throw say('host', 'to name one host, got a list of them')
  return host
}

function portOf(text: string, say: (name: string, wrong: string) => TypeError): number {
  const port = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 1 && port <= 65_535)) throw say('port', `to be a port number, got ${JSON.stringify(text)}`)
  return port
}

/** Reads a number of seconds; 0 for none. */
function secondsOf(text: string, say: (name: string, wrong: string) => TypeError): number {
  if (!/^\s*-?\d+\s*$/.test(text))
    throw say('connect_timeout', `to be a whole number of seconds, got ${JSON.stringify(text)}`)
  return Math.max(0, Number(text))
}

function refuseUnfollowed(): void {
  for (const { variable, harmless } of Object.values(unfollowed)) {
    const value = process.env[variable]
    if (value && !harmless?.test(value)) {
      const instead =
        variable === 'PGSERVICE'
          ? 'no service file is read: give the address in DATABASE_URL, or in PGHOST, PGPORT, PGDATABASE and PGUSER, and'
          : 'it would be without effect:'
      throw new TypeError(`Expected no ${variable}, which copylab does not support; ${instead} unset ${variable}`)
    }
  }
}

const uri =
  /^postgres(?:ql)?:\/\/(?:(?<userinfo>[^/?#]*)@)?(?<place>[^/?#]*)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?(?<rest>#.*)?$/is
const place = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d*))?$/s

/** Reads the parameters that a connection string states. */
function statedIn(text: string): Parameters {
  if (text.startsWith('/')) {
    const [host, dbname] = text.split(' ')
    return { host, dbname }
  }
  const parts = uri.exec(text)?.groups
  if (!parts) throw malformed('to be like postgresql://user:password@host:5432/database, got something else')
  const found = place.exec(parts.place!)?.groups
  // No part of it is repeated: it may be the rest of a password that contains one of these
  // characters.
  if (!found || parts.rest !== undefined || parts.query?.includes('@')) {
    const one = parts.place!.includes(',') ? 'to name one host, ' : ''
    throw malformed(
      `${one}to have a number for its port, an IPv6 address in brackets, and each of @ / ? # in its parts written as %40 %2F %3F %23`,
    )
  }
  if (found.host!.includes(',')) throw malformed('to name one host, got a list of them')
  const colon = parts.userinfo?.indexOf(':') ?? -1
  const [user, password] =
    colon < 0 ? [parts.userinfo, undefined] : [parts.userinfo!.slice(0, colon), parts.userinfo!.slice(colon + 1)]
  const before = {
    user: decoded('user', user),
    password: decoded('password', password),
    host: decoded('host', found.host?.replace(/^\[(.*)\]$/, '$1')),
    port: decoded('port', found.port),
    dbname: decoded('database', parts.path),
  }
  return { ...present(before), ...present(queried(parts.query)) }
}

function queried(query: string | undefined): Parameters {
  const parameters: Record<string, string> = {}
  for (const item of query?.split('&').filter(Boolean) ?? []) {
    const at = item.indexOf('=')
    if (at < 0) throw malformed('to have name=value after its ?, separated by &')
    const name = decoded('parameter', item.slice(0, at))!
    const value = decoded(name, item.slice(at + 1))!
    if (name in variables) parameters[name] = value
    else if (name === 'ssl') parameters.sslmode ??= sslModeOf(value)
    else if (!own.includes(name) && !(value && unfollowed[name]?.harmless?.test(value))) {
      throw malformed(`without the parameter ${JSON.stringify(name)}, which copylab does not support`)
    }
  }
  return parameters
}

/** Translates the JDBC driver's parameter for TLS, which libpq accepts too. */
function sslModeOf(value: string): string {
  if (value === 'true' || value === '1') return 'require'
  if (value === 'false' || value === '0') return 'disable'
  if (value === 'no-verify') return value
  throw malformed(`to have ssl=true or ssl=false, or sslmode`)
}

function decoded(what: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    const value = decodeURIComponent(text)
    if (value.includes('\0')) throw malformed(`without %00 in its ${what}`)
    return value
  } catch (error) {
    if (error instanceof TypeError) throw error
    throw malformed(`to have a % in its ${what} written as %25, or followed by the two digits of a byte of UTF-8`)
  }
}

function present(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value))
}

function malformed(wrong: string): TypeError {
  return new TypeError(`Expected ${given} ${wrong}`)
}
