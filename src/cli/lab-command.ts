import { Command } from 'commander'
import { findJupyterLab } from '../notebook/lab/jupyter-lab.js'
import { withLabServer } from '../notebook/lab/lab-server.js'
import { displayPath } from '../project.js'
import { addPictures, chapterNotebook } from './chapter.js'
import { integer } from './options.js'
import { print } from './output.js'
import { examples } from './terminal/help.js'

/** `copylab lab`: the chapter in JupyterLab. */
export function labCommand(signal: AbortSignal): Command {
  return new Command('lab')
    .description(
      "open a notebook in JupyterLab 4 with the project's kernel; where none is found it is installed into .venv",
    )
    .argument('[notebook]', 'a notebook in the project; notebooks/worker-analysis.ipynb by default', chapterNotebook)
    .option('--no-browser', 'print the address and open no browser')
    .option('--port <n>', 'the port on 127.0.0.1; the first free one from 8888 by default', integer)
    .addHelpText(
      'after',
      examples(
        ['lab', 'the chapter, in the browser'],
        ['lab notebooks/mine.ipynb --no-browser', 'another notebook, whose address is printed'],
      ),
    )
    .action(async (notebook: string, { browser, port }: { browser: boolean; port?: number }) => {
      const say = (text: string) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
      const lab = await findJupyterLab({ onStep: say, signal })
      say(`Starting JupyterLab ${lab.version} (${displayPath(lab.command)})`)
      await withLabServer({ lab, notebook, port, browser, onLog: say, signal }, async ({ url, ended }) => {
        print(url)
        say('Ctrl-C ends JupyterLab and its kernels')
        const stopped = new Promise<null>((done) => signal.addEventListener('abort', () => done(null), { once: true }))
        const how = await Promise.race([ended, stopped])
        if (how !== null && how !== 'it exited with code 0') throw new Error(`JupyterLab ended: ${how}`)
      })
      // Jupyter draws in the reader's browser and saves no picture of it.
      await addPictures(notebook, print)
    })
}
