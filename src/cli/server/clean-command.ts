import { Command } from 'commander'
import { cleanServer, type LeftObject, serverNamed } from '../../entries/executor.js'
import { serverOption } from '../options/options.js'
import { print, printJson, rowsText } from '../output.js'
import { examples } from '../terminal/help.js'
import { ask, isTerminal } from './ask.js'

interface CleanFlags {
  readonly server: string
  readonly yes?: boolean
  readonly json?: boolean
}

/** `copylab clean`: lists what copylab left on a server, and removes it. */
export function cleanCommand(signal: AbortSignal): Command {
  return new Command('clean')
    .description(
      'list what copylab left on a server, in its database and as databases of its own, and in the temporary folder, and remove it; nothing else is touched',
    )
    .addOption(serverOption())
    .option('--yes', 'remove without asking')
    .option('--json', 'print JSON; removes nothing without --yes')
    .addHelpText(
      'after',
      examples(
        ['clean --server url', 'list what is left, and ask'],
        ['clean --server url --yes', 'remove what is not in use'],
      ),
    )
    .action(async (flags: CleanFlags) => {
      const { removed, kept, ...listed } = await cleanServer(
        serverNamed(flags.server),
        async (left, place) => {
          if (!flags.json) print(left.length > 0 ? rowsText(left) : `copylab left nothing in ${place}`)
          const unused = left.filter(({ inUse }) => !inUse)
          return flags.yes || (!flags.json && (await isWanted(unused, flags.server, signal))) ? unused : []
        },
        { signal },
      )
      if (flags.json) printJson(flags.yes ? { ...listed, removed, kept } : listed)
      else {
        for (const name of removed) print(`Removed ${name}`)
        for (const { name, reason } of kept) print(`Kept ${name}: ${reason}`)
      }
      if (kept.length > 0) process.exitCode = 1
    })
}

/**
 * Asks whether to remove what is left; without a terminal prints how to remove them and returns
 * false.
 */
async function isWanted(unused: readonly LeftObject[], server: string, signal: AbortSignal): Promise<boolean> {
  if (unused.length === 0) return false
  if (isTerminal()) return ask(`Remove ${unused.map(({ name }) => name).join(', ')}?`, signal)
  print(`Nothing was removed: \`npx copylab clean --server ${server} --yes\` removes what is not in use`)
  return false
}
