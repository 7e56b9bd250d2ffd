import { listed } from '../../names.js'
import type { TableReference, TableTrigger } from '../../study/table/definition.js'
import { nameOf } from '../server/connection-error.js'
import type { Footprint } from './footprint.js'

/** Describes in a few sentences what a session would do on a server, and who else uses it. */
export function footprintWords(footprint: Footprint): string {
  const { place, schema, trials, records, walBytes, diskBytes, connections, workers, others } = footprint
  const { databaseBytes } = others
  return [
    `${nameOf(place)} is a server that copylab did not start. ${counted(trials, 'trial')} of ${counted(records, 'record')} would run on it, each into a table of copylab's own in the schema ${schema}, which is removed at the end:`,
    `about ${size(walBytes)} of WAL in all, ${checkpointWords(footprint)}, up to ${counted(connections, 'connection')} (${workers} of workers, the others to control and observe) and about ${size(diskBytes)} of disk at a time.`,
    `Of others there ${others.tables === 1 ? 'is' : 'are'} ${counted(others.tables, 'table')} (the database holds ${size(databaseBytes)}) and ${counted(others.connections, 'connection')}.`,
  ].join(' ')
}

function checkpointWords({ checkpoints, mayCheckpoint, trials }: Footprint): string {
  if (!mayCheckpoint) return 'no CHECKPOINT, since the user may issue none'
  if (checkpoints === 0) return 'no CHECKPOINT'
  return `${counted(checkpoints, 'CHECKPOINT')} (one before each trial${checkpoints < trials ? ' that asks for it' : ''})`
}

/** Returns the message of the refusal when no question can be asked. */
export function refusedWords(footprint: Footprint): string {
  return `Nothing was done yet: ${footprintWords(footprint)} To allow it: --yes on the command line, \`yes: true\` in code`
}

/** Says which tables of others triggers write to, for each record of each trial; empty for none. */
export function triggersWords(triggers: readonly TableTrigger[]): string {
  if (triggers.length === 0) return ''
  const each = triggers.map(({ name, calls, writes }) => `the trigger ${name}, by ${calls}, to ${listed(writes)}`)
  return `For each record of each trial, these triggers write to tables that are not copylab's, where it stays: ${each.join('; ')}.`
}

/** Says which tables of others foreign keys refer to, and what that locks; empty for none. */
export function referencesWords(references: readonly TableReference[]): string {
  if (references.length === 0) return ''
  const each = references.map(({ name, to }) => `${to} (by ${name})`)
  return `The table of each trial refers to tables that are not copylab's: ${listed(each)}. Loads lock their rows FOR KEY SHARE: deletions and changes of these keys wait. A foreign key is made for each trial, during which nobody else can write to the table that it refers to, and removed after it, during which nobody can use that table: each for a moment, or as long as it takes to check rows that are there already. As long as it is there, that table can be neither emptied by TRUNCATE nor dropped.`
}

/** Returns the message of the refusal of what reaches others when no question can be asked. */
export function refusedOutside(words: string): string {
  return `Nothing was done yet: ${words} To allow it: --yes on the command line, \`yes: true\` in code`
}

export function declinedWords({ place }: Footprint): string {
  return `Nothing was done on ${nameOf(place)}`
}

function counted(count: number, thing: string): string {
  return `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`
}

/** "17 MB" */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${Number((bytes / 1000 ** power).toPrecision(2))} ${units[power]}`
}
