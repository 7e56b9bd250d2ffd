import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { projectRoot } from '#copylab/project.js'
import { markdownTable } from './marks.js'

/** A command of `copylab`, as its `--help` tells of it. */
export interface CommandHelp {
  /** "study", "notebook run" */
  readonly name: string
  /** What it takes beside options: "<study>", or nothing. */
  readonly operands: string
  readonly summary: string
  /** Its options, long ones as `--name`, short ones as `-n`. */
  readonly options: readonly string[]
  readonly examples: readonly { readonly command: string; readonly meaning: string }[]
}

/** Asks the built program for all its commands, those of a group too. */
export async function readCommands(): Promise<CommandHelp[]> {
  return commandsBelow([])
}

async function commandsBelow(path: readonly string[]): Promise<CommandHelp[]> {
  const found: CommandHelp[] = []
  for (const { term, meaning } of entries(await help(path), 'Commands')) {
    const [name, ...operands] = term.split(' ')
    if (name === 'help') continue
    const own = await help([...path, name!])
    const below = own.includes('\nCommands:\n') ? await commandsBelow([...path, name!]) : []
    if (below.length > 0) found.push(...below)
    else
      found.push({
        name: [...path, name!].join(' '),
        operands: operands.filter((one) => one !== '[options]').join(' '),
        summary: meaning,
        options: entries(own, 'Options').flatMap(({ term }) => term.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? []),
        examples: examplesOf(own),
      })
  }
  return found
}

async function help(path: readonly string[]): Promise<string> {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['dist/cli.js', ...path, '--help'], { cwd: projectRoot })
  return stdout
}

/** The entries of a section of a help text, whose meanings go on over several lines. */
function entries(text: string, section: string): { term: string; meaning: string }[] {
  const body = text.split(`\n${section}:\n`)[1]?.split('\n\n')[0] ?? ''
  const found: { term: string; meaning: string }[] = []
  for (const line of body.split('\n')) {
    const begun = /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line)
    if (begun) found.push({ term: begun[1]!, meaning: begun[2] ?? '' })
    else if (found.length > 0) found.at(-1)!.meaning = `${found.at(-1)!.meaning} ${line.trim()}`.trim()
  }
  return found
}

function examplesOf(text: string): { command: string; meaning: string }[] {
  const body = text.split('\nExamples:\n')[1]?.split('\n\n')[0] ?? ''
  return [...body.matchAll(/^ {2}(npx copylab .*)\n {6}(.*)$/gm)].map(([, command, meaning]) => ({
    command: command!,
    meaning: meaning!,
  }))
}

/** Each command in one line, and the examples of all of them. */
export async function commandsText(): Promise<string[]> {
  const commands = await readCommands()
  const nameOf = ({ name, operands }: CommandHelp): string => `npx copylab ${name} ${operands}`.trim()
  return [
    ...markdownTable(
      ['command', 'what it does'],
      commands.map((command) => [`\`${nameOf(command)}\``, command.summary]),
    ),
    '',
    '```sh',
    ...commands.flatMap(({ examples }) => examples.map(({ command, meaning }) => `${command}  # ${meaning}`)),
    '```',
  ]
}
