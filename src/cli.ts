#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { chapterCommand } from './cli/chapter-command.js'
import { compareCommand } from './cli/compare-command.js'
import { confirmCommand } from './cli/confirm-command.js'
import { explainCommand } from './cli/explain-command.js'
import { refuseSpacedLevels } from './cli/factor-options.js'
import { initCommand } from './cli/init/init-command.js'
import { labCommand } from './cli/lab-command.js'
import { notebookCommand } from './cli/notebook-command.js'
import { refusePasswords } from './cli/options.js'
import { checkCommand, diffCommand, trialsCommand } from './cli/results-commands.js'
import { cleanCommand } from './cli/server/clean-command.js'
import { doctorCommand } from './cli/server/doctor-command.js'
import { startCommand } from './cli/start-command.js'
import { studyCommand } from './cli/study-command.js'
import { interruption } from './cli/terminal/interruption.js'
import { bestCommand, claimsCommand } from './cli/verdict-commands.js'
import { passwordMask, passwordsOf } from './passwords.js'
import { packageRoot } from './project.js'

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

const { signal, listen, leave } = interruption()

const program = new Command('copylab')
  .description('How many workers does a PostgreSQL bulk load need, how does that depend on the batch size, and why?')
  .version(version)
  .showHelpAfterError('(add --help for the options)')

/** A command that has something to end in good order; the others only read, and end at once. */
const stoppable = (
  make: (signal: AbortSignal) => Command,
  ending = 'Ending the running trial; what was measured is kept',
): Command => make(signal).hook('preAction', () => listen(ending))

const commands = [
  initCommand(),
  stoppable(startCommand),
  stoppable(studyCommand),
  compareCommand(),
  explainCommand(),
  bestCommand(),
  stoppable(confirmCommand),
  claimsCommand(),
  checkCommand(),
  trialsCommand(),
  diffCommand(),
  stoppable(notebookCommand),
  stoppable(chapterCommand),
  stoppable(labCommand, 'Ending JupyterLab and its kernels; what they measured is kept'),
  stoppable(cleanCommand, 'Ending what runs'),
  stoppable(doctorCommand, 'Ending what runs'),
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
    process.exitCode = 1
  })
  .finally(() => {
    ended = true
    leave(process.exitCode !== undefined)
  })

/**
 * Throws `TypeError` for a password among the arguments, before anything repeats them, and for
 * levels that spaces part.
 */
async function runCommand(): Promise<void> {
  const args = process.argv.slice(2)
  refusePasswords(args)
  refuseSpacedLevels(args)
  const group = bareGroup(args)
  if (group) group.outputHelp()
  else await program.parseAsync()
}

/**
 * What only holds commands, called without naming one of them: a question what there is, and no
 * mistake.
 */
function bareGroup(args: readonly string[]): Command | null {
  const named = args.reduce<Command | undefined>(
    (group, arg) => group?.commands.find((one) => one.name() === arg),
    program,
  )
  return named && named.commands.length > 0 ? named : null
}
