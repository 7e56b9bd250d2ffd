import { join } from 'node:path'
import { Command } from 'commander'
import { projectRoot } from '../executor/project.js'
import { chapterNotebook, executeChapter } from './chapter.js'
import { print } from './print.js'

/** `copylab notebook`: executes a notebook without Jupyter. */
export function notebookCommand(signal: AbortSignal): Command {
  return new Command('notebook')
    .description('execute a notebook in a real tslab kernel, without Jupyter, and write it beside its page')
    .argument('[path]', 'the notebook; notebooks/worker-analysis.ipynb by default', chapterNotebook)
    .option('--out <folder>', 'where to write', join(projectRoot, 'data', 'out'))
    .option('--parameters <json>', 'values for the cell tagged `parameters`, as a JSON object')
    .action(async (path: string, flags: { out: string; parameters?: string }) => {
      const parameters = flags.parameters ? (JSON.parse(flags.parameters) as Record<string, unknown>) : undefined
      await executeChapter({ notebook: path, parameters, out: flags.out, print, signal })
    })
}
