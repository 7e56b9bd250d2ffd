import { factors } from './factors.js'
import { type Factor, factorEntry, factorNames } from './treatment.js'

/** A set of settings of the server: name and value. */
export type Settings = { readonly [setting: string]: string }

/** The factors whose levels are names, and what those mean. */
interface MeaningOf {
  readonly settings: Settings
}

export type NamedFactorName = keyof MeaningOf
/** What a name stands for that is a factor's level. */
export type Meaning = MeaningOf[NamedFactorName]

/** What the names mean that are levels of a study: by factor, then by level. A default level is not among them: it means nothing of its own. */
export type Meanings = { readonly [F in NamedFactorName]?: { readonly [level: string]: MeaningOf[F] } }

/** What copylab sets itself on the workers' connections, whatever the treatment. */
const ownSettings: { readonly [setting: string]: string } = {
  application_name: 'copylab names its connections by it',
}

/** Returns the meaning of a level when it can be one. Throws `TypeError` that names factor, level, and what is wrong with it. */
export function checkedMeaning(factor: NamedFactorName, level: string, meaning: Meaning): Meaning {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(level)) {
    throw new TypeError(
      `Expected the levels of \`${factor}\` to be named in lower-case letters, digits and -, got ${JSON.stringify(level)}`,
    )
  }
  const given =
    typeof meaning === 'object' && meaning !== null && !Array.isArray(meaning) ? Object.entries(meaning) : null
  if (level === factors[factor].default && given?.length !== 0) {
    throw new TypeError(
      `Expected the level \`${level}\` of \`${factor}\` to be empty, since it stands for what is there anyway, got ${JSON.stringify(meaning)}: give it another name`,
    )
  }
  if (level !== factors[factor].default && (given === null || given.length === 0)) {
    throw new TypeError(
      `Expected the level \`${level}\` of \`${factor}\` to name one setting or more, such as { backend_flush_after: '256kB' }, got ${JSON.stringify(meaning)}`,
    )
  }
  return Object.fromEntries(
    (given ?? []).map(([name, value]) => [
      checkedSetting(factor, level, name),
      checkedValue(factor, level, name, value),
    ]),
  )
}

/** A setting's name in lower case, as the server takes it. Throws `TypeError` for one that something else sets. */
function checkedSetting(factor: NamedFactorName, level: string, given: string): string {
  const name = given.toLowerCase()
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/.test(name)) {
    throw new TypeError(
      `Expected the level \`${level}\` of \`${factor}\` to name settings of the server, got ${JSON.stringify(given)}`,
    )
  }
  const other = factorNames.find((one: Factor) => factorEntry(one).serverSetting === name)
  if (other !== undefined) {
    throw new TypeError(
      `Expected the level \`${level}\` of \`${factor}\` to leave \`${name}\` to the factor \`${other}\`, which sets it`,
    )
  }
  const own = ownSettings[name]
  if (own !== undefined)
    throw new TypeError(`Expected the level \`${level}\` of \`${factor}\` not to set \`${name}\`: ${own}`)
  return name
}

function checkedValue(factor: NamedFactorName, level: string, name: string, value: unknown): string {
  if ((typeof value === 'string' && value !== '' && !/[\n\r\0]/.test(value)) || typeof value === 'number')
    return String(value)
  throw new TypeError(
    `Expected \`${name}\` of the level \`${level}\` of \`${factor}\` to be text on one line, such as '256kB', got ${JSON.stringify(value)}`,
  )
}
