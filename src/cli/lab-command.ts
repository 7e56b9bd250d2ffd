import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { withPictureService } from '../chapter/picture-service.js'
import type { Pictures } from '../chapter/static-pictures.js'
import { withPictures } from '../entries/chapter.js'
import { readNotebook, writeNotebook } from '../notebook/file/notebook-file.js'
import { findJupyterLab } from '../notebook/lab/jupyter-lab.js'
import { withLabServer } from '../notebook/lab/lab-server.js'
import { workingCopy } from '../notebook/lab/working-copy.js'
import { displayPath, inCheckout, projectRoot } from '../project.js'
import { chapterCopy, chapterNotebook, ensureChapter } from './chapter.js'
import { integer } from './options/options.js'
import { print } from './output.js'
import { examples } from './terminal/help.js'

interface LabFlags {
  readonly browser: boolean
  readonly port?: number
  readonly inPlace?: boolean
}

const say = (text: string) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)

/** `copylab lab`: the chapter in JupyterLab. */
export function labCommand(signal: AbortSignal): Command {
  return new Command('lab')
    .description(
      "open a notebook in JupyterLab 4 with the project's kernel; where none is found it is installed into .venv",
    )
    .argument(
      '[notebook]',
      inCheckout
        ? 'a notebook in the project; by default a copy of the chapter, notebooks/my-worker-analysis.ipynb, which is made once and which git ignores'
        : 'a notebook in the project; notebooks/worker-analysis.ipynb by default',
    )
    .addOption(new Option('--in-place', 'open the chapter itself, which git tracks, and no copy').hideHelp(!inCheckout))
    .option('--no-browser', 'print the address and open no browser')
    .option('--port <n>', 'the port on 127.0.0.1; the first free one from 8888 by default', integer)
    .addHelpText(
      'after',
      examples(
        ['lab', inCheckout ? 'your copy of the chapter, in the browser' : 'the chapter, in the browser'],
        ['lab notebooks/mine.ipynb --no-browser', 'another notebook, whose address is printed'],
      ),
    )
    .action(async (given: string | undefined, { browser, port, inPlace = false }: LabFlags) => {
      const notebook = await opened(given, inPlace)
      const lab = await findJupyterLab({ onStep: say, signal })
      say(`Starting JupyterLab ${lab.version} (${displayPath(lab.command)})`)
      const onFailure = (reason: string) => say(`Notebooks are saved without pictures of their figures: ${reason}`)
      await withPictureService(async ({ address, pictures, finish }) => {
        // Drawn while JupyterLab ends, when its kernels compute no more.
        signal.addEventListener('abort', () => void finish(), { once: true })
        const options = { lab, notebook, port, browser, pictures: address, onLog: say, signal }
        await withLabServer(options, async ({ url, ended }) => {
          print(url)
          say('Ctrl-C ends JupyterLab and its kernels')
          const stopped = new Promise<null>((done) =>
            signal.addEventListener('abort', () => done(null), { once: true }),
          )
          const how = await Promise.race([ended, stopped])
          if (how !== null && how !== 'it exited with code 0') throw new Error(`JupyterLab ended: ${how}`)
        })
        for (const path of await finish()) await complete(join(projectRoot, path), pictures)
      }, onFailure)
    })
}

/**
 * The notebook to open. In copylab's own checkout, where git tracks the chapter for everybody, it
 * is a copy of the chapter, and a line says so.
 */
async function opened(given: string | undefined, inPlace: boolean): Promise<string> {
  if (given !== undefined) {
    if (inPlace) throw new RangeError(`Expected \`--in-place\` without a notebook: ${given} is opened as it is anyway`)
    return given
  }
  if (inPlace || !inCheckout) {
    await ensureChapter()
    return chapterNotebook
  }
  const [original, copy] = [displayPath(chapterNotebook), displayPath(chapterCopy)]
  const { state, originalChanged } = await workingCopy(chapterNotebook, chapterCopy)
  say(
    state === 'made'
      ? `Copied ${original} to ${copy}, which is yours to change: git ignores it, and it is opened again next time (--in-place opens the original)`
      : `Opening ${copy}, your copy of ${original}, as you left it (--in-place opens the original)`,
  )
  if (originalChanged) {
    say(`${original} has other cells now than when the copy was made: rename ${copy} to get a new copy`)
  }
  return chapterCopy
}

/** Gives a saved notebook the pictures that it lacks. */
async function complete(path: string, pictures: Pictures): Promise<void> {
  if (!existsSync(path)) return
  const notebook = await readNotebook(path)
  const completed = await withPictures(notebook, pictures)
  if (completed !== notebook) await writeNotebook(completed, path)
}
