import { type ClaimedFacts, checkedClaim, claimBounds } from '../study/claim.js'
import { isLevel, levelsText } from '../study/design.js'
import { type Factor, factorEntry, factorNames, type Selection } from '../study/treatment.js'
import { claimPlace } from './check-shape.js'
import type { Claims, StatedTest } from './claims.js'

/** A smaller spread is less, never faster. */
export const spreadFacts: ClaimedFacts = { goal: 'min', kind: 'amount' }

/** Checks what no schema can: ids, bands, and that every test has something to compare. Throws `RangeError` with a line for each mistake. */
export function checkMeaning({ fixed, claims }: Pick<Claims, 'fixed' | 'claims'>, name: string): void {
  const lines = claims.flatMap(({ id, test }, k) => {
    const twice = claims.findIndex((other) => other.id === id) < k
    const repeated = twice ? [`Expected \`id\` to be one that no other claim has, got ${JSON.stringify(id)} twice`] : []
    return [...repeated, ...problemsOf(test, fixed)].map((problem) => `${claimPlace(name, claims, k)}: ${problem}`)
  })
  if (lines.length > 0) throw new RangeError(lines.join('\n'))
}

function problemsOf(test: StatedTest, fixed: Selection): string[] {
  switch (test.kind) {
    case 'contrasts':
      return (['contrasts', 'beside'] as const).flatMap((list) =>
        (test[list] ?? []).flatMap((one, k) => [
          ...pairProblems(one.a, one.b, [`test.${list}[${k}].a`, `test.${list}[${k}].b`]),
          ...thrown(() => checkedClaim(one.claim, one.metric, `test.${list}[${k}].claim`)),
        ]),
      )
    case 'spread':
      return [
        ...pairProblems(test.a, test.b, ['test.a', 'test.b']),
        ...thrown(() => claimBounds(test.claim, spreadFacts, `the spread of ${test.metric}`, 'test.claim')),
      ]
    case 'best-set':
      return [
        ...freeProblems('test.where', test.where ?? {}, [test.over]),
        ...expectedProblems(test.over, test.expected),
      ]
    case 'interaction':
      return interactionProblems(test)
    case 'contention':
      return contentionProblems(test, fixed)
    case 'rule':
      return test.by.includes(test.over)
        ? [`Expected \`test.by\` to list other factors than \`test.over\`, got ${test.over} in both`]
        : []
    case 'peak':
      return freeProblems('test.where', test.where ?? {}, ['workers'])
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

type Of<Kind extends StatedTest['kind']> = Extract<StatedTest, { readonly kind: Kind }>

function interactionProblems({ of, by, metric, claim, best }: Of<'interaction'>): string[] {
  const isNumber = ['count', 'limit'].includes(factorEntry(of).kind)
  return [
    ...(of === by ? [`Expected \`test.by\` to be another factor than \`test.of\`, got ${of} twice`] : []),
    ...(best !== undefined && !isNumber
      ? [`Expected no \`test.best\` beside ${of}, whose levels do not rise or fall, got ${JSON.stringify(best)}`]
      : []),
    ...thrown(() => checkedClaim(claim, metric, 'test.claim')),
  ]
}

function contentionProblems({ from, to, effect, relieved }: Of<'contention'>, fixed: Selection): string[] {
  const changes = factorsOf(relieved).some((factor) => fixed[factor] !== relieved[factor])
  const named = factorsOf(relieved).find((factor) => factor in from || factor in to)
  return [
    ...pairProblems(from, to, ['test.from', 'test.to']),
    ...(changes ? [] : ['Expected `test.relieved` to differ from `fixed`, got the same levels']),
    ...(named
      ? [`Expected \`test.relieved\` to name other factors than \`test.from\` and \`test.to\`, got ${named}`]
      : []),
    ...thrown(() => checkedClaim(effect.claim, effect.metric, 'test.effect.claim')),
  ]
}

/** Two treatments can be compared where both name the same factors, and not the same levels of all. */
function pairProblems(a: Selection, b: Selection, [nameA, nameB]: readonly [string, string]): string[] {
  const alone = (one: Selection, other: Selection): Factor | undefined =>
    factorsOf(one).find((factor) => !(factor in other))
  const [onlyA, onlyB] = [alone(a, b), alone(b, a)]
  if (onlyA) return [`Expected \`${nameB}\` to name \`${onlyA}\` as \`${nameA}\` does, got ${JSON.stringify(b)}`]
  if (onlyB) return [`Expected \`${nameA}\` to name \`${onlyB}\` as \`${nameB}\` does, got ${JSON.stringify(a)}`]
  if (factorsOf(a).some((factor) => a[factor] !== b[factor])) return []
  return [`Expected \`${nameA}\` and \`${nameB}\` to be different treatments, got ${JSON.stringify(a)} twice`]
}

function freeProblems(option: string, where: Selection, free: readonly Factor[]): string[] {
  const named = free.find((factor) => factor in where)
  return named ? [`Expected \`${option}\` not to name \`${named}\`, whose levels are compared`] : []
}

function expectedProblems(over: Factor, expected: unknown): string[] {
  if (isLevel(over, expected)) return []
  return [
    `Expected \`test.expected\` to be a level of \`${over}\` (${levelsText(over)}), got ${JSON.stringify(expected)}`,
  ]
}

/** The factors that a selection names. */
export function factorsOf(selection: Selection): Factor[] {
  return factorNames.filter((factor) => selection[factor] !== undefined)
}

/** What a check throws, as a list: empty where it passes. */
function thrown(check: () => unknown): string[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof RangeError) return [error.message]
    throw error
  }
}
