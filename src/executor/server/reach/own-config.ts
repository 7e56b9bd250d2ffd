import type { ClientConfig } from 'pg'
import type { Connection } from '../server.js'
import { noTls } from './tls.js'

/** Settings of the server, by name. */
export type OwnSettings = { readonly [setting: string]: string }

/** The configuration of a connection of copylab's own. */
export interface OwnConfig extends ClientConfig {
  /** Set once the connection stands, where a pooler drops what it is started with. */
  readonly setAfterwards?: OwnSettings
  /**
   * Set once the connection stands and has told its version, from PostgreSQL 17 on: an older server
   * refuses to be started with a setting that it lacks.
   */
  readonly setFrom17?: OwnSettings
}

/** How long a server may take to answer a connection; a configuration's own value goes before. */
export const connectTimeoutMs = 10_000

/**
 * What a role, a database or a server may have set otherwise and what copylab counts on: no
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
  search_path: 'pg_catalog, pg_temp',
  standard_conforming_strings: 'on',
}

/** The time-out that came with PostgreSQL 17. */
const pinsFrom17: OwnSettings = { transaction_timeout: '0' }

/**
 * The one way to a configuration of a connection of copylab's own: its name, what copylab counts
 * on, and `settings`, which win. They go before what the server's address or `PGOPTIONS` sets. The
 * version of a server that is looked at for the first time is not known yet.
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
