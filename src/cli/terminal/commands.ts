import type { Command } from 'commander'
import { chapterCommand } from '../chapter-command.js'
import { compareCommand } from '../compare-command.js'
import { confirmCommand } from '../confirm-command.js'
import { explainCommand } from '../explain-command.js'
import { initCommand } from '../init/init-command.js'
import { inspectCommand } from '../inspect-command.js'
import { labCommand } from '../lab-command.js'
import { notebookCommand } from '../notebook-command.js'
import { checkCommand, diffCommand, trialsCommand } from '../results-commands.js'
import { cleanCommand } from '../server/clean-command.js'
import { doctorCommand } from '../server/doctor-command.js'
import { startCommand } from '../start/start-command.js'
import { studyCommand } from '../study-command.js'
import { bestCommand, claimsCommand, designCommand } from '../verdict-commands.js'

/**
 * Every command of the program. `listen` is called with the text that names what is being ended.
 */
export function copylabCommands(signal: AbortSignal, listen: (ending: string) => void): Command[] {
  /** A command that has something to end in good order; the others only read, and end at once. */
  const stoppable = (
    make: (signal: AbortSignal) => Command,
    ending = 'Ending the running trial; what was measured is kept',
  ): Command => make(signal).hook('preAction', () => listen(ending))

  return [
    initCommand(),
    stoppable(startCommand),
    stoppable(inspectCommand, 'Ending the reading'),
    stoppable(studyCommand),
    compareCommand(),
    explainCommand(),
    bestCommand(),
    stoppable(confirmCommand),
    claimsCommand(),
    designCommand(),
    checkCommand(),
    trialsCommand(),
    diffCommand(),
    stoppable(notebookCommand),
    stoppable(chapterCommand),
    stoppable(labCommand, 'Ending JupyterLab and its kernels; what they measured is kept'),
    stoppable(cleanCommand, 'Ending what runs'),
    stoppable(doctorCommand, 'Ending what runs'),
  ]
}
