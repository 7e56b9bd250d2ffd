import type { Command } from 'commander'
import { markdownTable } from '#copylab/analysis/tables/render.js'
import { copylabCommands } from '#copylab/cli/terminal/commands.js'

/** A command of `copylab`, as its `--help` tells of it. */
export interface CommandHelp {
  /** "study", "notebook run" */
  readonly name: string
  /** Arguments in addition to options: "<study>", or nothing. */
  readonly operands: string
  readonly summary: string
  /** Its options, long ones as `--name`, short ones as `-n`. */
  readonly options: readonly string[]
  readonly examples: readonly { readonly command: string; readonly meaning: string }[]
}

/** All commands of the program, those of a group in its place. */
export function readCommands(): CommandHelp[] {
  const nothing = (): void => {}
  return copylabCommands(new AbortController().signal, nothing).flatMap((command) => helpsOf(command, ''))
}

function helpsOf(command: Command, prefix: string): CommandHelp[] {
  const name = `${prefix}${command.name()}`
  if (command.commands.length > 0) return command.commands.flatMap((one) => helpsOf(one, `${name} `))
  return [
    {
      name,
      operands: command
        .usage()
        .replace(/^\[options\] ?/, '')
        .trim(),
      summary: command.description(),
      options: ['--help', ...command.options.flatMap(({ short, long }) => [short ?? [], long ?? []].flat())],
      examples: examplesOf(command),
    },
  ]
}

function examplesOf(command: Command): { command: string; meaning: string }[] {
  const written: string[] = []
  command.configureOutput({ writeOut: (text) => written.push(text) }).outputHelp()
  return [...written.join('').matchAll(/^ {2}(npx copylab .*)\n {6}(.*)$/gm)].map(([, command, meaning]) => ({
    command: command!,
    meaning: meaning!,
  }))
}

/** Each command in one line, and the examples of all of them. */
export function commandsText(): string[] {
  const commands = readCommands()
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
