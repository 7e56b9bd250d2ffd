import { checkedLoader, type LoaderProgram, shown } from './loaders.js'

/**
 * Parses a command line such as `./load.sh {workers} {table} {files}`: words between blanks, the
 * first of them the command. Single and double quotes hold words together, and a backslash that is
 * not in single quotes makes the next character one of the word. Throws `TypeError` for an empty
 * text, a quote without its end, signs that need a shell, and what `checkedLoader` refuses.
 */
export function parseLoader(text: string): LoaderProgram {
  const [command, ...args] = wordsOf(text)
  if (command === undefined) {
    throw new TypeError(
      `Expected the loader as a command line, such as './load.sh {workers} {table} {files}', got ${shown(text)}`,
    )
  }
  return checkedLoader('the loader', { command, args })
}

/** Runs of a word: in single or double quotes, a character after a backslash, and others. */
const run = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\|&;<>$`]+)/sy

/** The words of a command line, as a shell cuts them. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  for (let at = 0; ; ) {
    at += /^\s*/.exec(text.slice(at))![0].length
    if (at === text.length) return words
    let word = ''
    while (at < text.length && !/\s/.test(text[at]!)) {
      run.lastIndex = at
      const found = run.exec(text)
      if (!found) throw notParsed(text, text[at]!)
      const [whole, single, double, character, plain] = found
      word += single ?? double?.replace(/\\(.)/gs, '$1') ?? character ?? plain!
      at += whole.length
    }
    words.push(word)
  }
}

function notParsed(text: string, sign: string): TypeError {
  if (sign === '\\') {
    return new TypeError(`Expected the loader as a command line, got a backslash before nothing in ${shown(text)}`)
  }
  if (sign === "'" || sign === '"') {
    return new TypeError(`Expected the loader as a command line, got a quote ${sign} without its end in ${shown(text)}`)
  }
  return new TypeError(
    `Expected the loader as a command line that needs no shell, got ${sign} in ${shown(text)}: quote it where it is part of an argument, or let a shell run the line by sh -c '…'`,
  )
}
