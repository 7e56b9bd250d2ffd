import { randomUUID } from 'node:crypto'
import type { Meanings } from '../../../study/factors/meanings.js'
import type { Settings } from '../../../study/factors/settings.js'
import { levelsOf, type Treatment } from '../../../study/treatment.js'
import { withClient } from '../../connect.js'
import { DatabaseError, InterventionError } from '../../errors.js'
import { nameOf } from '../../server/connection-error.js'
import { ownConfig } from '../../server/reach/own-config.js'
import type { Connection, Server, UseOptions } from '../../server/server.js'

/** Named sets of settings of a study, divided by who can make them. */
export interface DividedSettings {
  /** The meanings with those settings of the sets that a connection makes for itself. */
  readonly meanings: Meanings
  /**
   * The settings of each set that the whole server has, from its start on; null where no set has
   * any.
   */
  readonly serverWide: { readonly [level: string]: Settings } | null
}

/** A setting as the server describes it. */
interface Described {
  readonly name: string
  /** Who can make it, and when: `user` on a connection, `postmaster` at the start. */
  readonly context: string
}

/** Contexts of settings that a connection makes for itself. */
const ofConnections = ['user', 'superuser', 'backend', 'superuser-backend']

/**
 * Asks the server which settings of a study's sets a connection can make for itself. The others are
 * made when the server starts, on its command line: there they outrank every file, and nothing has
 * to be put back, however a study ends. Throws `DatabaseError` for a server that copylab does not
 * start, and for settings that nobody can make.
 */
export async function dividedSettings(
  connection: Connection,
  { meanings, treatments }: { readonly meanings: Meanings; readonly treatments: readonly Treatment[] },
  signal: AbortSignal,
): Promise<DividedSettings> {
  const levels = levelsOf(treatments, 'settings').flatMap((level) => {
    const own = meanings.settings?.[level]
    return own ? [[level, own] as const] : []
  })
  const names = [...new Set(levels.flatMap(([, own]) => Object.keys(own)))]
  if (names.length === 0) return { meanings, serverWide: null }
  const described = await withClient(
    ownConfig(connection, 'copylab/settings'),
    async (client) =>
      (await client.query<Described>('SELECT name, context FROM pg_settings WHERE name = ANY ($1)', [names])).rows,
    { signal },
  )
  const contexts = new Map(described.map(({ name, context }) => [name, context]))
  const isServerWide = (name: string): boolean => !ofConnections.includes(contexts.get(name) ?? 'user')
  const part = (own: Settings, isWide: boolean): Settings =>
    Object.fromEntries(Object.entries(own).filter(([name]) => isServerWide(name) === isWide))
  for (const [level, own] of levels) refuse(connection, level, part(own, true), contexts)
  if (!names.some(isServerWide)) return { meanings, serverWide: null }
  return {
    meanings: { ...meanings, settings: Object.fromEntries(levels.map(([level, own]) => [level, part(own, false)])) },
    serverWide: Object.fromEntries(levels.map(([level, own]) => [level, part(own, true)])),
  }
}

function refuse(
  { facts }: Connection,
  level: string,
  serverWide: Settings,
  contexts: ReadonlyMap<string, string>,
): void {
  for (const name of Object.keys(serverWide)) {
    if (contexts.get(name) === 'internal')
      throw new DatabaseError(`The settings \`${level}\` have ${name}, which nobody can set: leave it out`)
    if (facts.kind === 'embedded') continue
    throw new DatabaseError(
      `The settings \`${level}\` have ${name}, which the whole server of ${nameOf(facts)} takes when it starts or reads its configuration, and copylab did not start that server: take the embedded one, or set ${name} there yourself and measure that as another study`,
    )
  }
}

/** What the server says of its settings under each set that it was started with. */
export type ServerLevels = { readonly [level: string]: Settings }

/** Setting by which a server tells that it was started for this very use. */
const startMark = 'copylab.start'

/** A server started, but without the settings of a set. */
class NotPassedOn extends DatabaseError {}

/**
 * Starts the server with the settings of a set, and calls `task` with what it then says of them.
 * Throws `DatabaseError` for a server that was not started with them.
 */
export async function withServerLevel<T>(
  server: Server,
  level: string,
  settings: Settings,
  options: UseOptions,
  task: (connection: Connection, found: Settings) => Promise<T>,
): Promise<T> {
  const mark = randomUUID()
  const starting = { ...options, settings: { ...settings, [startMark]: mark } }
  return server.use(async (connection) => {
    const { [startMark]: found, ...rest } = await readBack(connection, [startMark, ...Object.keys(settings)], options)
    if (found === mark) return task(connection, rest)
    throw new NotPassedOn(
      `The server was not started with the settings \`${level}\`: a server of your own must pass on \`settings\` where it is used`,
    )
  }, starting)
}

/**
 * Starts the server once with each set, and returns what it then says of these settings. Throws
 * `DatabaseError` with the name of a set with which it does not start.
 */
export async function readServerLevels(
  server: Server,
  serverWide: NonNullable<DividedSettings['serverWide']>,
  options: UseOptions,
): Promise<ServerLevels> {
  const levels: Record<string, Settings> = {}
  for (const [level, settings] of Object.entries(serverWide)) {
    if (Object.keys(settings).length === 0) continue
    try {
      levels[level] = await withServerLevel(server, level, settings, options, async (_, found) => found)
    } catch (cause) {
      options.signal?.throwIfAborted()
      if (!(cause instanceof DatabaseError) || cause instanceof NotPassedOn) throw cause
      const words = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
      throw new DatabaseError(
        `The server does not start with the settings \`${level}\` (${words.join(', ')}): ${cause.message}`,
        { cause },
      )
    }
  }
  return levels
}

/** Reads settings back, as the server writes them; those that it does not have are left out. */
async function readBack(connection: Connection, names: readonly string[], { signal }: UseOptions): Promise<Settings> {
  return withClient(
    ownConfig(connection, 'copylab/settings'),
    async (client) => {
      const { rows } = await client.query<{ name: string; value: string | null }>(
        'SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS name',
        [names],
      )
      return Object.fromEntries(rows.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])))
    },
    { signal },
  )
}

/** Throws `InterventionError` unless the server has the settings of a set as it had them before. */
export function checkServerLevel(level: string, expected: Settings, found: Settings): void {
  const other = Object.keys(expected).find((name) => found[name] !== expected[name])
  if (other === undefined) return
  throw new InterventionError(
    `Expected the server to have ${other} = ${expected[other]} with the settings \`${level}\`, found ${found[other]}`,
  )
}
