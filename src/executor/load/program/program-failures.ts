import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { EndedProgram, NotStarted } from './keep-program.js'
import type { LostKeeper } from './keeper.js'

/** What the messages about a program need of it. */
interface NamedProgram {
  readonly name: string
  readonly command: string
  readonly folder: string
  readonly ready: string | null
  readonly done: string | null
  readonly limitMs: number
}

/** Says why a program did not start, or was lost, and what to do. */
export function failureToStart({ name, command, folder }: NamedProgram, end: NotStarted | LostKeeper): string {
  if (end.state === 'lost') {
    return `The process that measures the loader ${name} ended before it (${end.reason}), so the loader was ended: run it again`
  }
  const subject = `The command ${command} of the loader ${name}`
  switch (end.code) {
    case 'ENOENT':
      if (!existsSync(folder))
        return `The folder ${folder} of the loader ${name} was not found: make it, or name another`
      return command.includes('/') && existsSync(resolve(folder, command))
        ? `${subject} begins with a line #! that names a program that was not found: correct that line`
        : `${subject} was not found: give an absolute path, a path from the folder ${folder} that begins with ./ or ../, or the name of a program in the PATH of its environment`
    case 'EACCES':
      if (statSync(resolve(folder, command), { throwIfNoEntry: false })?.isDirectory()) {
        return `${subject} is a folder: name the program in it`
      }
      return `${subject} may not be run (EACCES): make it executable (chmod +x), and its folders accessible`
    case 'ENOEXEC':
      return `${subject} is no program for this machine (ENOEXEC): a script needs a first line such as #!/bin/sh`
    case 'E2BIG':
      return `${subject} was given more arguments and variables than the system takes (E2BIG): shorten its arguments or the environment that copylab runs in, or name a folder with a shorter path in TMPDIR, in which the files of records lie`
    default:
      return `${subject} could not be started: ${end.message}`
  }
}

/** Says how a program that ended failed, and what to do; null where it did not. */
export function failureOfEnd(program: NamedProgram, end: EndedProgram): string | null {
  const subject = `The loader ${program.name}`
  const failure = ownFailure(subject, program, end)
  if (end.notEnded.length === 0) return failure
  return `${failure ?? `${subject} ended`}\nThis could not be ended: ${end.notEnded.join(', ')}. End it by hand`
}

function ownFailure(subject: string, program: NamedProgram, end: EndedProgram): string | null {
  if (end.endedFor === 'secret') {
    return `${subject} printed the password of its connection, and was ended: have it print none (its output is not kept)`
  }
  if (end.endedFor === 'limit') {
    return `${subject} was still running after ${program.limitMs / 1000} s (its time limit) and was ended${lastWords(end)}`
  }
  if (end.exitCode !== 0) {
    const how = end.signal === null ? `with exit code ${end.exitCode}` : `by signal ${end.signal}`
    return `${subject} ended ${how}${lastWords(end)}`
  }
  if (end.left.length > 0) {
    return `${subject} ended and left running what it had started, which was ended then: ${end.left.join(', ')}. Have it wait for all that it starts`
  }
  const missing = [
    end.readyAt === null && program.ready !== null ? `\`ready\`: ${JSON.stringify(program.ready)}` : null,
    end.doneAt === null && program.done !== null ? `\`done\`: ${JSON.stringify(program.done)}` : null,
  ].filter((line) => line !== null)
  if (missing.length === 0) return orderFailure(subject, program, end)
  return `${subject} ended with exit code 0 and did not print the line of ${missing.join(', nor that of ')}. Have it print that, on a line of its own, or leave the option out${lastWords(end)}`
}

function orderFailure(
  subject: string,
  { ready, done }: NamedProgram,
  { readyAt, doneAt }: EndedProgram,
): string | null {
  if (readyAt === null || doneAt === null || readyAt < doneAt) return null
  if (readyAt === doneAt) {
    return `${subject} printed the lines ${JSON.stringify(ready)} (ready) and ${JSON.stringify(done)} (done) at one moment, so no time lies between them: have it write each line out at once, or load more records`
  }
  return `${subject} printed the line ${JSON.stringify(done)} (done) before the line ${JSON.stringify(ready)} (ready): have it print ready before it reads a record, and done after its last commit`
}

function lastWords({ lastLines }: EndedProgram): string {
  return lastLines.length === 0 ? '; it printed nothing' : `; its last lines:\n${lastLines.join('\n')}`
}
