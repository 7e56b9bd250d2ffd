import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { passwordMask, passwordsIn } from '../../../passwords.js'
import { monotonicMs } from '../../clock.js'

/** What is sought in the output of a program. */
export interface SoughtLines {
  readonly ready: string | null
  readonly done: string | null
  readonly secrets: readonly string[]
  readonly onSecret: () => void
  /** Called with the time at which the first line came that equals `ready`, by `monotonicMs`. */
  readonly onReady: (at: number) => void
  /** Called with the time at which a line came that equals `done`, once for all that came then. */
  readonly onDone: (at: number) => void
}

/** What a program printed, so far. */
export interface PrintedLines {
  /** When something came last, by `monotonicMs`. */
  readonly heardAt: () => number
  /**
   * Its last lines, without control characters and passwords; long ones are cut. Where they hold a
   * secret once those characters and the line ends are out, `onSecret` is called.
   */
  readonly lastLines: () => string[]
}

const maxLines = 20
const maxLineLength = 300
/** Characters of a line that are kept until it ends, and of a chunk in which nothing is sought. */
const windowLength = 8_192
/** Characters around a secret that tell whether it stands there as a password. */
const aroundLength = 120

/**
 * Reads streams line by line to their end, in little memory whatever comes. A line ends with a line
 * feed or a carriage return.
 */
export function readPrintedLines(streams: readonly Readable[], sought: SoughtLines): PrintedLines {
  const secrets = sought.secrets.map(secretSearch)
  const last: string[] = []
  const [ready, done] = [sought.ready?.trim(), sought.done?.trim()]
  const texts = [ready, done].flatMap((text) => text || [])
  let isReady = false
  let heardAt = monotonicMs()

  const note = (lines: readonly string[]): void => {
    const printed = lines.map((line) => line.trim()).filter((line) => line !== '')
    if (!isReady && ready && printed.includes(ready)) {
      isReady = true
      sought.onReady(heardAt)
    }
    if (done && printed.includes(done)) sought.onDone(heardAt)
    last.push(...printed.slice(-maxLines))
    last.splice(0, last.length - maxLines)
  }

  const noteSecret = (text: string): void => {
    if (secrets.some((isIn) => isIn(text))) sought.onSecret()
  }

  for (const stream of streams) {
    let unfinished = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      heardAt = monotonicMs()
      const text = unfinished + chunk
      noteSecret(text)
      // A program may print faster than its lines can be looked through one by one.
      const lines = (texts.some((one) => text.includes(one)) ? text : text.slice(-windowLength)).split(/[\r\n]+/)
      unfinished = lines.pop()!.slice(-windowLength)
      note(lines)
    })
    stream.once('end', () => note([unfinished]))
    // What was read counts.
    stream.on('error', () => {})
  }
  const mask = passwordMask(sought.secrets)
  return {
    heardAt: () => heardAt,
    lastLines: () => {
      noteSecret(last.map(withoutControls).join(''))
      return last.map((line) => shown(line, mask))
    },
  }
}

/** A text of a program as it may be shown: one short line, without passwords. */
export function shown(text: string, mask: (text: string) => string): string {
  // Masked before it is cut, so that no part of a password is left at the end.
  const masked = mask(withoutControls(text).slice(0, 4 * maxLineLength))
  return masked.length > maxLineLength ? `${masked.slice(0, maxLineLength)}…` : masked
}

/** A text without escape sequences and other characters that are not seen. */
function withoutControls(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
}

/**
 * Returns a function that tells whether a text holds a secret: one that is a word of copylab's own
 * texts, or very short, only where a password stands (`passwordMask`).
 */
function secretSearch(secret: string): (text: string) => boolean {
  if (secret === '') return () => false
  const forms = [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])]
  const [withSecret, without] = [passwordMask([secret]), passwordMask([])]
  const isPassword = (text: string): boolean =>
    passwordsIn(text).some((found) => forms.includes(found)) || withSecret(text) !== without(text)
  return (text) =>
    forms.some((form) => {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
        const around = text.slice(Math.max(0, at - aroundLength), at + form.length + aroundLength)
        if (isPassword(around)) return true
      }
      return false
    })
}
