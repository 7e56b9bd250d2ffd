import { join } from 'node:path'
import { Command } from 'commander'
import { declaredParameters } from '../entries/chapter.js'
import { readNotebook } from '../notebook/file/notebook-file.js'
import { parseParameters } from '../notebook/parameter-kinds.js'
import { projectRoot } from '../project.js'
import { chapterNotebook, ensureChapter, executeChapter } from './chapter.js'
import { print } from './output.js'
import { examples } from './terminal/help.js'

/** `copylab notebook`: the commands that need no Jupyter. */
export function notebookCommand(signal: AbortSignal): Command {
  return new Command('notebook')
    .description('execute a notebook without Jupyter')
    .showHelpAfterError('(add --help for the options)')
    .addCommand(runCommand(signal))
}

/** `copylab notebook run`: executes a notebook, with its parameters changed, into a new file. */
function runCommand(signal: AbortSignal): Command {
  return new Command('run')
    .description(
      'execute a notebook in a real tslab kernel, and write it, with its outputs, as a new file next to its page',
    )
    .argument('[path]', 'the notebook; notebooks/worker-analysis.ipynb by default', chapterNotebook)
    .option(
      '-p, --parameter <name=value>',
      'a value for the cell tagged `parameters`, such as blocks=30 or workers=1,2,4; may be repeated',
      (assignment: string, earlier: readonly string[]) => [...earlier, assignment],
      [] as readonly string[],
    )
    .option(
      '--out <path>',
      'a folder, or a file that ends in .ipynb; data/out by default',
      join(projectRoot, 'data', 'out'),
    )
    .addHelpText(
      'after',
      examples(
        ['notebook run -p blocks=12 -p workers=1,2,4', "the chapter's notebook with other parameters"],
        ['notebook run notebooks/mine.ipynb --out data/out/mine', 'another notebook'],
      ),
    )
    .action(async (path: string, flags: { out: string; parameter: readonly string[] }) => {
      if (path === chapterNotebook) await ensureChapter()
      const parameters =
        flags.parameter.length > 0
          ? parseParameters(declaredParameters(await readNotebook(path)), flags.parameter)
          : undefined
      await executeChapter({ notebook: path, parameters, out: flags.out, print, signal })
    })
}
