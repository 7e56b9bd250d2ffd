import { InvalidArgumentError, Option } from 'commander'
import type { Treatment } from '../../entries/executor.js'
import { passwordsIn } from '../../passwords.js'

/** "1,2,4" */
export function integers(text: string): number[] {
  const values = text.split(',').map((item) => Number(item.trim().replaceAll('_', '')))
  if (!values.every(Number.isSafeInteger))
    throw new InvalidArgumentError('Expected whole numbers separated by commas, such as 1,2,4.')
  return values
}

export function integer(text: string): number {
  const values = integers(text)
  if (values.length !== 1) throw new InvalidArgumentError('Expected one whole number.')
  return values[0]!
}

export function words(text: string): string[] {
  return text.split(',').map((item) => item.trim())
}

export function numbers(text: string): number[] {
  const values = text.split(',').map(Number)
  if (!values.every(Number.isFinite))
    throw new InvalidArgumentError('Expected numbers separated by commas, such as 0.05,0.15.')
  return values
}

export function onOff(value: string): boolean {
  if (value === 'on' || value === 'true') return true
  if (value === 'off' || value === 'false') return false
  throw new InvalidArgumentError('Expected on or off.')
}

/** The treatments that controls repeat. */
export interface ControlFlags {
  readonly aa?: Partial<Treatment>
  readonly slowdown?: Partial<Treatment>
  readonly extraWork?: Partial<Treatment>
  readonly unprobed?: Partial<Treatment>
}

/** Which server a command uses. */
export function serverOption(): Option {
  return new Option(
    '--server <which>',
    'embedded; compose (docker-compose.yml); url (DATABASE_URL or the PG* variables); or a postgres:// address without password',
  ).default('embedded')
}

/** "0.05,0.15" */
export function band(text: string): readonly [number, number] {
  const [from, to, ...rest] = numbers(text)
  if (from === undefined || to === undefined || rest.length > 0)
    throw new InvalidArgumentError('Expected two shares, such as 0.05,0.15.')
  return [from, to]
}

/**
 * Throws `TypeError` for a password on the command line, whatever argument holds it, and does not
 * repeat it.
 */
export function refusePasswords(args: readonly string[]): void {
  if (args.every((arg) => passwordsIn(arg).length === 0)) return
  throw new TypeError(
    'Expected no password on the command line, where everybody on this machine can see it: give the address in DATABASE_URL and say --server url, or the password in PGPASSWORD or in ~/.pgpass. Change this one, which was seen already',
  )
}
