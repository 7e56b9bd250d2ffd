import type { MeaningContext } from './factor.js'

/** Settings of the server: value by name. */
export type Settings = { readonly [setting: string]: string }

/**
 * Settings that copylab makes itself on the workers' connections for every treatment, with the
 * reason.
 */
const ownSettings: { readonly [setting: string]: string } = {
  application_name: 'copylab names its connections by it',
  array_nulls: 'records are written for it to be on',
  client_encoding: 'records are written in UTF-8',
}

/**
 * Parses "backend_flush_after=256kB+work_mem=64MB" as settings. Throws `TypeError` for a setting
 * without a value and for a repeated one.
 */
export function parseSettings(text: string): Settings {
  const settings: Record<string, string> = {}
  for (const setting of text.split('+')) {
    const at = setting.indexOf('=')
    const [name, value] = [setting.slice(0, Math.max(0, at)), setting.slice(at + 1)]
    if (name === '' || value === '') {
      throw new TypeError(
        `Expected settings as setting=value, more of them after +, such as backend_flush_after=256kB, got ${JSON.stringify(text)}`,
      )
    }
    if (Object.hasOwn(settings, name)) throw new TypeError(`Expected each setting once, got ${name} twice`)
    settings[name] = value
  }
  return settings
}

/**
 * Checks settings and returns them with names in lower case, as the server has them. Throws
 * `TypeError` for an empty set, for names and values that the server cannot accept, and for a
 * setting that copylab or another factor sets.
 */
export function checkedSettings(level: string, given: unknown, { settingsOfFactors }: MeaningContext): Settings {
  const entries = typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : []
  if (entries.length === 0) {
    throw new TypeError(
      `Expected ${level} to name one setting or more, such as { backend_flush_after: '256kB' }, got ${JSON.stringify(given)}`,
    )
  }
  const settings: Record<string, string> = {}
  for (const [spelled, value] of entries) {
    const name = spelled.toLowerCase()
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/.test(name))
      throw new TypeError(`Expected ${level} to name settings of the server, got ${JSON.stringify(spelled)}`)
    if (Object.hasOwn(settings, name)) throw new TypeError(`Expected ${level} to set \`${name}\` once, got it twice`)
    const factor = settingsOfFactors.get(name)
    if (factor !== undefined)
      throw new TypeError(`Expected ${level} to leave \`${name}\` to the factor \`${factor}\`, which sets it`)
    const own = ownSettings[name]
    if (own !== undefined) throw new TypeError(`Expected ${level} not to set \`${name}\`: ${own}`)
    settings[name] = checkedValue(level, name, value)
  }
  return settings
}

function checkedValue(level: string, name: string, value: unknown): string {
  if ((typeof value === 'string' && value !== '' && !/[\n\r\0]/.test(value)) || typeof value === 'number')
    return String(value)
  throw new TypeError(
    `Expected \`${name}\` of ${level} to be text on one line, such as '256kB', got ${JSON.stringify(value)}`,
  )
}
