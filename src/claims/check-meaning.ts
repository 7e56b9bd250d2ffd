import { type ClaimedFacts, checkedClaim, claimBounds } from '../study/claim.js'
import { isLevel, levelsText } from '../study/design.js'
import { type Factor, factorEntry, factorNames, type Selection } from '../study/treatment.js'
import { claimPlace } from './check-shape.js'
import type { Claims, StatedTest } from './claims.js'

/** Direction and words of a spread: a smaller one is less, never faster. */
export const spreadFacts: ClaimedFacts = { goal: 'min', kind: 'amount' }

/**
 * Checks what no schema can: ids, bands, and that every test has something to compare. Throws
 * `RangeError` with a line for each mistake.
 */
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
        ...levelProblems('test.expected', test.over, test.expected),
      ]
    case 'interaction':
      return interactionProblems(test)
    case 'shift':
      return shiftProblems(test)
    case 'change':
      return pairProblems(test.from, test.to, ['test.from', 'test.to'])
    case 'relief':
      return reliefProblems(test, fixed)
    case 'rule':
      return test.settings.flatMap((setting, k) => freeProblems(`test.settings[${k}]`, setting, [test.over]))
    case 'peak':
      return freeProblems('test.where', test.where ?? {}, ['workers'])
    case 'report':
      return pairProblems(test.a, test.b, ['test.a', 'test.b'])
    case 'measurement':
      return test.measured.flatMap((one, k) =>
        pairProblems(one.a, one.b, [`test.measured[${k}].a`, `test.measured[${k}].b`]),
      )
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

type Of<Kind extends StatedTest['kind']> = Extract<StatedTest, { readonly kind: Kind }>

function interactionProblems({ of, by, metric, claim }: Of<'interaction'>): string[] {
  return [...sameProblems(of, by), ...thrown(() => checkedClaim(claim, metric, 'test.claim'))]
}

function shiftProblems({ of, by, between }: Of<'shift'>): string[] {
  const isNumber = ['count', 'limit'].includes(factorEntry(of).kind)
  return [
    ...sameProblems(of, by),
    ...(isNumber ? [] : [`Expected \`test.of\` to be a factor of numbers, whose levels rise or fall, got ${of}`]),
    ...between.flatMap((level, k) => levelProblems(`test.between[${k}]`, by, level)),
    ...(between[0] === between[1]
      ? [`Expected \`test.between\` to be two levels of \`${by}\`, got ${JSON.stringify(between[0])} twice`]
      : []),
  ]
}

function sameProblems(of: Factor, by: Factor): string[] {
  return of === by ? [`Expected \`test.by\` to be another factor than \`test.of\`, got ${of} twice`] : []
}

function reliefProblems({ from, to, effect, relieved }: Of<'relief'>, fixed: Selection): string[] {
  return [
    ...pairProblems(from, to, ['test.from', 'test.to']),
    ...relieved.flatMap((levels, k) => relievedProblems(`test.relieved[${k}]`, levels, { from, to, fixed })),
    ...thrown(() => checkedClaim(effect.claim, effect.metric, 'test.effect.claim')),
  ]
}

function relievedProblems(
  option: string,
  levels: Selection,
  { from, to, fixed }: { readonly from: Selection; readonly to: Selection; readonly fixed: Selection },
): string[] {
  const changes = factorsOf(levels).some((factor) => fixed[factor] !== levels[factor])
  const named = factorsOf(levels).find((factor) => factor in from || factor in to)
  return [
    ...(changes ? [] : [`Expected \`${option}\` to differ from \`fixed\`, got the same levels`]),
    ...(named ? [`Expected \`${option}\` to name other factors than \`test.from\` and \`test.to\`, got ${named}`] : []),
  ]
}

/**
 * Returns the mistakes of a pair: two treatments can be compared where both name the same factors,
 * and not the same levels of all.
 */
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

function levelProblems(option: string, factor: Factor, level: unknown): string[] {
  if (isLevel(factor, level)) return []
  return [`Expected \`${option}\` to be a level of \`${factor}\` (${levelsText(factor)}), got ${JSON.stringify(level)}`]
}

/** Returns the factors that a selection names. */
export function factorsOf(selection: Selection): Factor[] {
  return factorNames.filter((factor) => selection[factor] !== undefined)
}

/** Returns the message that a check throws, as a list: empty where it passes. */
function thrown(check: () => unknown): string[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof RangeError) return [error.message]
    throw error
  }
}
