import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { packageRoot } from '../../project.js'
import { makeFolder } from '../../writable.js'
import { fromHere, print } from '../output.js'
import { examples } from '../terminal/help.js'
import { placeChapter } from './chapter-files.js'
import { placedLine } from './place.js'
import { placeClaims, placeIgnore, placeManifest } from './project-files.js'

/** `copylab init`: a folder to work in. */
export function initCommand(): Command {
  return new Command('init')
    .description(
      'make a folder ready to work in: a notebook, claims, .gitignore and package.json; what is there is kept',
    )
    .argument('[folder]', 'the folder, made where it is missing', '.')
    .addHelpText(
      'after',
      examples(
        ['init .', 'the folder that copylab was installed in'],
        ['init thesis', 'a new folder, which gets its own studies and notebook'],
      ),
    )
    .action(async (given: string) => {
      const folder = resolve(given)
      if (folder === packageRoot) {
        throw new RangeError(`Expected another folder than copylab's own, which has all of this: ${folder}`)
      }
      makeFolder(folder)
      // Each line comes when its file is there: a later one may fail.
      print(placedLine(await placeManifest(folder)))
      print(placedLine(await placeIgnore(folder)))
      print(placedLine(await placeClaims(folder)))
      for (const file of await placeChapter(folder)) print(placedLine(file))
      print(`\nNext:\n${nextSteps(folder).join('\n')}`)
    })
}

function nextSteps(folder: string): string[] {
  const isInstalled = existsSync(join(folder, 'node_modules', 'copylab'))
  const here = fromHere(folder)
  return [
    ...(here === '' ? [] : [`  cd ${/^[\w./-]+$/.test(here) ? here : `'${here.replaceAll("'", "'\\''")}'`}`]),
    ...(isInstalled ? [] : ['  npm install']),
    '  npx copylab start    a first answer, within minutes',
    '  npx copylab lab      the notebook, in JupyterLab',
    '  npx copylab chapter  the notebook as PDF, TeX, Word and HTML',
  ]
}
