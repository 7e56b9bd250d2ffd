import { InputError } from '../errors.js'
import type { InputFile } from './input.js'
import type { FileRecipe } from './recipe.js'

/**
 * The file with its recipe, which goes with this very object: it is not enumerable, so that a copy
 * (`{ ...file, analyse }`), whose functions may be others, has none. It is frozen for the same
 * reason.
 */
export function withRecipe(file: InputFile, recipe: FileRecipe): InputFile {
  return Object.freeze(Object.defineProperty(file, 'recipe', { value: recipe, enumerable: false }))
}

/** The file's recipe. Throws `InputError` for a file that has none. */
export function recipeOf(file: InputFile): FileRecipe {
  if (file.recipe && Object.hasOwn(file, 'recipe')) return file.recipe
  throw new InputError(
    `The file ${file.name} cannot be read on a worker thread, since functions of its own read it: take \`client: 'event-loop'\`, or an input made by flights(), csv() or synthetic() as it is`,
  )
}
