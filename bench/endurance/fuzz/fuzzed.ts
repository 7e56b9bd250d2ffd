import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { projectRoot } from '#copylab/project.js'
import type { EnduranceOptions } from '../endurance.js'

/** What came of the inputs of one kind. */
export interface Fuzzed {
  /** Inputs that were tried. */
  readonly inputs: number
  /** How often each came out. */
  readonly outcomes: { readonly [outcome: string]: number }
  /** Runs of inputs in which one was found that must not come out so. */
  readonly wrong: number
  /** The first of these, made as small as could be, with the seed that gives them again. */
  readonly examples: readonly string[]
}

/** What is tried with inputs that nobody wrote. */
export interface Fuzzing<Input> {
  /** Its name in what is told meanwhile. */
  readonly name: string
  readonly inputs: fc.Arbitrary<Input>
  /** How many inputs there are to be. */
  readonly count: number
  /** How many an input stands for; by default 1. */
  readonly sizeOf?: (input: Input) => number
  /** Writes an input for people; by default as code that makes it again. */
  readonly show?: (input: Input) => string
  /** Whether an input changes what the next one meets, so that a failure is not made smaller. */
  readonly lasting?: boolean
  /** Tries one, and says in a word what came out. Throws where that must not be. */
  outcome(input: Input): string | Promise<string>
}

/** Inputs that are drawn from one seed: a failure ends them, and the next ones have another. */
const drawnTogether = 200
/** Failures after which no more is tried. */
const failuresEnough = 10
const examplesKept = 3
/** A net for what never ends. */
const timeoutMs = 300_000

/** Tries so many inputs, and goes on after those that fail. */
export async function fuzzed<Input>(
  fuzzing: Fuzzing<Input>,
  { seed, progress, signal }: Pick<EnduranceOptions, 'seed' | 'progress' | 'signal'>,
): Promise<Fuzzed> {
  const { name, inputs: arbitrary, count, sizeOf = () => 1, show = fc.stringify, lasting = false, outcome } = fuzzing
  const outcomes: Record<string, number> = {}
  const examples: string[] = []
  let [inputs, wrong] = [0, 0]
  for (let round = 0; inputs < count && wrong < (lasting ? 1 : failuresEnough); round++) {
    progress(`${name}: ${inputs} of ${count}`)
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
    let failed = false
    const property = fc.asyncProperty(arbitrary, async (input) => {
      if (failed) {
        // What is made smaller after a failure does not count.
        await outcome(input)
        return
      }
      if (inputs >= count) return
      inputs += sizeOf(input)
      try {
        const word = await outcome(input)
        outcomes[word] = (outcomes[word] ?? 0) + 1
      } catch (error) {
        failed = true
        throw error
      }
    })
    const drawn = { seed: (seed + round * 7919) | 0, numRuns: drawnTogether, timeout: timeoutMs }
    const found = await fc.check(property, { ...drawn, endOnFailure: lasting, interruptAfterTimeLimit: 2 * timeoutMs })
    if (!found.failed) continue
    wrong++
    if (examples.length < examplesKept)
      examples.push(exampleOf(found, found.counterexample ? show(found.counterexample[0]) : ''))
  }
  return { inputs, outcomes, wrong, examples }
}

type Failure = Pick<fc.RunDetails<unknown>, 'seed' | 'counterexamplePath' | 'errorInstance'>

function exampleOf({ seed, counterexamplePath, errorInstance }: Failure, input: string): string {
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance)
  const text = `seed ${seed}, path ${counterexamplePath}: ${shortened(input, 1_500)}\n${shortened(error, 1_500)}`
  return text.replaceAll(pathToFileURL(projectRoot).href, '.').replaceAll(projectRoot, '.')
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
