import { Command } from 'commander'
import { examine, flights, serverNamed } from '../../entries/executor.js'
import { serverOption } from '../options/options.js'
import { print, printJson } from '../output.js'
import { examples } from '../terminal/help.js'

/** `copylab doctor`: checks this machine and a server, and names a remedy for each problem. */
export function doctorCommand(signal: AbortSignal): Command {
  return new Command('doctor')
    .description('what was found on this machine, and what to do about it')
    .addOption(serverOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['doctor', 'with the server that copylab starts'],
        ['doctor --server url', 'with the one of DATABASE_URL'],
      ),
    )
    .action(async (flags: { server: string; json?: boolean }) => {
      const checks = await examine(serverNamed(flags.server), flights({ records: 200_000 }), signal)
      if (flags.json) printJson(checks)
      else {
        for (const { name, state, found, remedy } of checks) {
          print(
            `${{ ok: '✓', warning: '!', problem: '✗' }[state]} ${name.padEnd(12)} ${found}${remedy ? `\n  → ${remedy}` : ''}`,
          )
        }
      }
      if (checks.some((check) => check.state === 'problem')) process.exitCode = 1
    })
}
