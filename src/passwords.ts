/** Text that replaces a password. */
const mask = '***'

/**
 * Patterns of a password in a URL: up to the last @ before the path, or to the first where the
 * password holds what ends it.
 */
const inUrl = [
  /[a-z][\w+.-]*:\/\/[^\s/?#:@"'`<>]*:([^\s/?#"'`<>]+)@/gi,
  /[a-z][\w+.-]*:\/\/[^\s/?#:@"'`<>]*:(?!\d+(?:[/?#]|$))([^\s@"'`<>]+)@/gi,
]
/** Patterns of a password given by name: `?password=…`, `password: '…'`, `"password": "…"`. */
const byName = [
  /(?:password|passwd|pwd)=([^\s&#"'`<>()[\]{}]+)/gi,
  /(?:password|passwd|pwd)\\?["'`]?\s*[:=]\s*\\?(["'`])((?!\1)[^\n\\]+?)\\?\1/gi,
]

const forms = [...inUrl, ...byName]

/**
 * Words that occur in copylab's own texts: a password of that kind is masked only where a password
 * stands.
 */
const plainWords = new Set(['copylab', 'localhost', 'password', 'postgres', 'postgresql', 'user'])

/** The passwords that a text gives, in a URL or by name, as they stand there. */
export function passwordsIn(text: string): string[] {
  const found = forms.flatMap((form) => [...text.matchAll(form)].map((match) => match.at(-1)!))
  return [...new Set(found)].filter(isPassword)
}

/** The passwords that variables hold: those named so, and those in URLs. */
export function passwordsOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value = '']) =>
    /PASSW(OR)?D$/i.test(name) ? [value] : passwordsIn(value),
  )
}

/**
 * Returns a function that masks passwords in a text: whatever stands in the place of one, and
 * `known` ones wherever they stand, in each way to write them.
 */
export function passwordMask(known: readonly string[]): (text: string) => string {
  const ways = [...new Set(known.flatMap(waysToWrite))].sort((a, b) => b.length - a.length).map(wherever)
  const anywhere = ways.length > 0 ? new RegExp(ways.join('|'), 'g') : null
  return (text) => {
    const inPlace = forms.reduce((masked, form) => masked.replace(form, withoutLast), text)
    return anywhere ? inPlace.replace(anywhere, mask) : inPlace
  }
}

/** A match without its password, which is the last of its groups and stands last in it. */
function withoutLast(match: string, ...groups: readonly unknown[]): string {
  const password = groups.filter((group) => typeof group === 'string').at(-2) as string
  if (!isPassword(password)) return match
  const at = match.lastIndexOf(password)
  return match.slice(0, at) + mask + match.slice(at + password.length)
}

/** Whether a text is a password, rather than a reference to the environment. */
function isPassword(text: string): boolean {
  return text !== mask && !/^\$|process\.env/.test(text)
}

/**
 * The ways in which a password may be written: plain, as in a URL, in a string of JSON and in HTML.
 */
function waysToWrite(password: string): string[] {
  const plain = decoded(password)
  if (plain.length < 4 || plainWords.has(plain.toLowerCase())) return []
  const html = plain.replace(/[&<>"']/g, (sign) => `&${entities[sign]};`)
  return [password, plain, encodeURIComponent(plain), JSON.stringify(plain).slice(1, -1), html]
}

const entities: { readonly [sign: string]: string } = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }

/** A pattern that finds a password anywhere; a short one only as a word of its own. */
function wherever(form: string): string {
  const literal = literally(form)
  if (form.length >= 8) return literal
  return `${/^\w/.test(form) ? '(?<!\\w)' : ''}${literal}${/\w$/.test(form) ? '(?!\\w)' : ''}`
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
