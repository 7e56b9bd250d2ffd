#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { chapterCommand } from './cli/chapter-command.js'
import { compareCommand } from './cli/compare-command.js'
import { confirmCommand } from './cli/confirm-command.js'
import { explainCommand } from './cli/explain-command.js'
import { labCommand } from './cli/lab-command.js'
import { notebookCommand } from './cli/notebook-command.js'
import { refusePasswords } from './cli/options.js'
import { checkCommand, diffCommand, trialsCommand } from './cli/results-commands.js'
import { cleanCommand } from './cli/server/clean-command.js'
import { doctorCommand } from './cli/server/doctor-command.js'
import { startCommand } from './cli/start-command.js'
import { studyCommand } from './cli/study-command.js'
import { bestCommand, claimsCommand } from './cli/verdict-commands.js'
import { passwordMask, passwordsOf } from './passwords.js'
import { projectRoot } from './project.js'

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }

/** Ctrl-C ends the running trial and keeps what was measured; a second one ends the process. */
const interruption = new AbortController()
process.once('SIGINT', () => {
  process.stderr.write('\nEnding the running trial; what was measured is kept. Press Ctrl-C again to end at once.\n')
  interruption.abort(new Error('Interrupted; the same command continues where it stopped'))
  process.once('SIGINT', () => process.exit(130))
})
// SIGHUP comes when the terminal is closed.
for (const name of ['SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => interruption.abort(new Error('Ended; the same command continues where it stopped')))
}
const { signal } = interruption

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const program = new Command('copylab')
  .description('How many workers does a PostgreSQL bulk load need, how does that depend on the batch size, and why?')
  .version(version)
  .showHelpAfterError('(add --help for the options)')

const commands = [
  startCommand(signal),
  studyCommand(signal),
  compareCommand(),
  explainCommand(),
  bestCommand(),
  confirmCommand(signal),
  claimsCommand(),
  checkCommand(),
  trialsCommand(),
  diffCommand(),
  notebookCommand(signal),
  chapterCommand(signal),
  labCommand(signal),
  cleanCommand(signal),
  doctorCommand(signal),
]
for (const command of commands) program.addCommand(command.copyInheritedSettings(program))

let ended = false
// What is awaited and can never come would end the process with 0, once nothing else is under way.
process.once('beforeExit', () => {
  if (ended) return
  process.stderr.write(
    'copylab: the command ended in the midst of its work, for a reason that it did not say: run it again\n',
  )
  process.exitCode = 1
})

runCommand()
  .catch((error: unknown) => {
    process.stderr.write(`copylab: ${passwordMask(passwordsOf(process.env))((error as Error).message)}\n`)
    process.exitCode = signal.aborted ? 130 : 1
  })
  .finally(() => {
    ended = true
  })

/** Throws `TypeError` for a password among the arguments, before anything repeats them. */
async function runCommand(): Promise<void> {
  refusePasswords(process.argv.slice(2))
  await program.parseAsync()
}
