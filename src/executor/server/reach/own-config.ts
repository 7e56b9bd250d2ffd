import type { ClientConfig } from 'pg'
import type { Connection } from '../server.js'
import { noTls } from './tls.js'

/** Settings of the server, by name. */
export type OwnSettings = { readonly [setting: string]: string }

/** The configuration of a connection of copylab's own. */
export interface OwnConfig extends ClientConfig {
  /** Settings made once the connection is open, for poolers that drop start-up parameters. */
  readonly setAfterwards?: OwnSettings
  /**
   * Settings made once the connection is open and its version is known, from PostgreSQL 17 on: an
   * older server refuses start-up parameters that it does not know.
   */
  readonly setFrom17?: OwnSettings
  /** The port of this machine that leads to the server by a relay; none goes there directly. */
  readonly relayPort?: number
}

/**
 * Default time that a server may take to answer a connection, used where a configuration has no
 * value of its own.
 */
export const connectTimeoutMs = 10_000

/** Where statements of copylab's own find names without a schema. */
export const ownPath = 'pg_catalog, pg_temp'

/**
 * Settings that copylab relies on and that a role, a database or a server may have changed: no
 * time-out but its own, the text of COPY read as it is written, statements that mean PostgreSQL's
 * own functions, and an error that ends a statement rather than the session.
 */
const pins: OwnSettings = {
  statement_timeout: '0',
  lock_timeout: '0',
  idle_session_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  array_nulls: 'on',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  client_min_messages: 'notice',
  datestyle: 'ISO, MDY',
  default_transaction_isolation: 'read committed',
  exit_on_error: 'off',
  extra_float_digits: '1',
  intervalstyle: 'postgres',
  search_path: ownPath,
  standard_conforming_strings: 'on',
}

/** The time-out that PostgreSQL 17 introduced. */
const pinsFrom17: OwnSettings = { transaction_timeout: '0' }

/**
 * Makes the configuration of a connection of copylab's own; the only function that does so. It
 * holds the connection's name, the settings that copylab relies on, and `settings`, which take
 * precedence. All of these override the server's address and `PGOPTIONS`. The version of a server
 * that is connected to for the first time is not known yet.
 */
export function ownConfig(
  { config, facts, pooled }: Pick<Connection, 'config' | 'pooled'> & Partial<Pick<Connection, 'facts'>>,
  application_name: string,
  settings: OwnSettings = {},
): OwnConfig {
  const all = { ...pins, ...(facts && facts.versionNumber >= 170_000 ? pinsFrom17 : null), ...settings }
  const own: OwnConfig = {
    connectionTimeoutMillis: connectTimeoutMs,
    ...noTls,
    ...config,
    application_name,
    ...(facts ? null : { setFrom17: pinsFrom17 }),
  }
  return pooled
    ? { ...own, setAfterwards: { application_name, ...all } }
    : { ...own, options: [config.options, startOptions(all)].filter(Boolean).join(' ') }
}

function startOptions(settings: OwnSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`)
    .join(' ')
}
