#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { refuseSpacedLevels } from './cli/options/factor-options.js'
import { refusePasswords } from './cli/options/options.js'
import { copylabCommands } from './cli/terminal/commands.js'
import { interruption } from './cli/terminal/interruption.js'
import { passwordMask, passwordsOf } from './passwords.js'
import { packageRoot } from './project.js'

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

const { signal, listen, leave } = interruption()

const program = new Command('copylab')
  .description('How many workers does a PostgreSQL bulk load need, how does that depend on the batch size, and why?')
  .version(version)
  .showHelpAfterError('(add --help for the options)')

for (const command of copylabCommands(signal, listen)) program.addCommand(command.copyInheritedSettings(program))

let ended = false
// A promise that can never settle would end the process with 0 once nothing else is under way.
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
 * levels that are separated by spaces.
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
 * The group of commands that was called without naming one of them, which asks what there is and is
 * no mistake; null for any other call.
 */
function bareGroup(args: readonly string[]): Command | null {
  const named = args.reduce<Command | undefined>(
    (group, arg) => group?.commands.find((one) => one.name() === arg),
    program,
  )
  return named && named.commands.length > 0 ? named : null
}
