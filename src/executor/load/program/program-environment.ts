import type { ClientConfig } from 'pg'
import { type LoaderProgram, type LoaderValues, loaderEnvironment } from '../../../study/factors/loaders.js'

/**
 * Variables of the caller's environment that would tell a program of another server, or of a
 * password; those that name a certificate of the caller's own are none of them.
 */
const ofOthers = /^((?!PGSSLCERT$|PGSSLKEY$)PG[A-Z]+|DATABASE_URL)$/

/**
 * Returns the environment of a program: that of this process without what would lead it to another
 * server, its own variables, the values of its trial, and how it connects, as libpq reads it. The
 * password is in a file alone.
 */
export function programEnvironment(
  program: LoaderProgram,
  values: LoaderValues,
  { config, application, passwordFile }: { config: ClientConfig; application: string; passwordFile: string },
): Record<string, string> {
  const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && !ofOthers.test(name))
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    ...loaderEnvironment(program, values),
    ...connectionVariables(config),
    PGAPPNAME: application,
    // That of the files.
    PGCLIENTENCODING: 'UTF8',
    PGPASSFILE: passwordFile,
  }
}

function connectionVariables({ host, port, user, database, options, ssl }: ClientConfig): Record<string, string> {
  const known = {
    PGHOST: host,
    PGPORT: port,
    PGUSER: user,
    PGDATABASE: database,
    PGOPTIONS: options,
    PGSSLMODE: sslMode(ssl),
  }
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

/**
 * The server's certificate was checked, as far as it was asked for, by copylab's own connection.
 */
const sslMode = (ssl: ClientConfig['ssl']): string => (ssl ? 'require' : 'disable')
