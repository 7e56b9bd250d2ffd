import { Ajv, type ValidateFunction } from 'ajv'
import type { Context } from '../context.js'
import type { Plan } from '../plan.js'
import type { EarlyStop } from '../study.js'
import { lineShapes } from './line-shapes.js'

/** What a line of a journal holds. A trial's columns are packed: see `packTrial`. */
export type JournalLine =
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'session'; readonly context: Context }
  | { readonly type: 'trial'; readonly trial: unknown }
  | { readonly type: 'stop'; readonly stop: EarlyStop }

/** A line, or what is wrong with its text. */
export type ParsedLine =
  | { readonly state: 'whole'; readonly line: JournalLine }
  | { readonly state: 'damaged'; readonly reason: string }

/** Reads one line's text, whatever it is. */
export function parseLine(text: string): ParsedLine {
  const line = jsonOf(text)
  if (line === undefined) return damaged(text === '' ? 'is empty' : 'is not a line of JSON')
  const { type, trial } = (line ?? {}) as { type?: unknown; trial?: { state?: unknown } | null }
  switch (type) {
    case 'plan':
      return shaped(line, 'plan', 'plan')
    case 'session':
      return shaped(line, 'context', 'session')
    case 'stop':
      return shaped(line, 'stop', 'stop')
    case 'trial':
      return shaped(line, 'trial', trial?.state === 'failed' ? 'failed' : 'completed')
    default:
      return damaged('is neither a plan, a session, a trial nor a stop')
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shaped(line: unknown, field: string, shape: keyof typeof lineShapes): ParsedLine {
  const validate = validator(shape)
  if (validate((line as Record<string, unknown>)[field])) return { state: 'whole', line: line as JournalLine }
  const [{ instancePath, message } = { instancePath: '', message: 'is wrong' }] = validate.errors ?? []
  const where = `${field}${instancePath.replaceAll('/', '.')}`
  return damaged(`does not hold what it must (${where} ${message})`)
}

function damaged(reason: string): ParsedLine {
  return { state: 'damaged', reason }
}

/** Compiled when the first line of a kind is read, and once for all. */
const validators = new Map<string, ValidateFunction>()

function validator(shape: keyof typeof lineShapes): ValidateFunction {
  const known = validators.get(shape)
  if (known) return known
  const made = new Ajv().compile(lineShapes[shape])
  validators.set(shape, made)
  return made
}
