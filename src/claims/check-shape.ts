import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { ClaimsFile } from './claims.js'

/** Compiled at the first use: that takes longer than everything else about a file. */
let validate: ValidateFunction | undefined

function compiled(): ValidateFunction {
  const schema = JSON.parse(readFileSync(new URL('claims.schema.json', import.meta.url), 'utf8')) as object
  return new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    allowUnionTypes: true,
    // Its own schema is right, and code that runs once need not be made the shortest.
    validateSchema: false,
    code: { optimize: false },
  }).compile(schema)
}

/**
 * Checks a written file of claims against `claims.schema.json`. Throws `RangeError` with a line for
 * each place that does not fit.
 */
export function checkShape(stated: unknown, name: string): ClaimsFile {
  validate ??= compiled()
  // Values from a notebook's cell have an Array of their own.
  const plain: unknown = JSON.parse(JSON.stringify(stated ?? null), (key, value) => {
    // The validator calls what every object has, and a key of the file would stand in its place.
    if (key in Object.prototype) throw new RangeError(`${name}: no key may be called ${JSON.stringify(key)}`)
    return value
  })
  if (validate(plain)) return plain as ClaimsFile
  const lines = (validate.errors ?? []).map((error) => `${placeOf(name, plain, error)}: ${complaint(error)}`)
  throw new RangeError([...new Set(lines)].join('\n'))
}

/** Names a claim in messages, by its id where it has one that can be read: "my.json, claim H3". */
export function claimPlace(name: string, claims: readonly { readonly id?: unknown }[], index: number): string {
  const id = claims[index]?.id
  return `${name}, ${typeof id === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,60}$/u.test(id) ? `claim ${id}` : `claims[${index}]`}`
}

const claimPath = /^\/claims\/(\d+)(.*)$/

function placeOf(name: string, stated: unknown, { instancePath }: ErrorObject): string {
  const [, index] = claimPath.exec(instancePath) ?? []
  if (index === undefined) return name
  return claimPlace(name, (stated as { claims: { id?: unknown }[] }).claims, Number(index))
}

/** Writes the path of a field: "test.contrasts[0].a". */
function fieldOf(instancePath: string, last = ''): string {
  const path = `${claimPath.exec(instancePath)?.[2] ?? instancePath}${last === '' ? '' : `/${last}`}`
  return path
    .slice(1)
    .replaceAll('/', '.')
    .replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')
}

interface Described {
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly properties?: { readonly [name: string]: Described & { readonly $ref?: string } }
  readonly oneOf?: readonly { readonly $ref: string }[]
}

function complaint({ instancePath, keyword, params, parentSchema, data }: ErrorObject): string {
  const schema = parentSchema as Described
  const named = fieldOf(instancePath)
  const subject = named === '' ? 'what is written' : `\`${named}\``
  switch (keyword) {
    case 'required':
      return `Expected \`${fieldOf(instancePath, String(params.missingProperty))}\`, got none; ${subject} is to be ${schema.description}`
    case 'additionalProperties': {
      const known = Object.keys(schema.properties ?? {}).join(', ')
      return `Expected ${subject} to have nothing but ${known}, got ${JSON.stringify(params.additionalProperty)}`
    }
    case 'discriminator': {
      const kinds = (schema.oneOf ?? []).map(({ $ref }) => $ref.replace('#/definitions/', '')).join(', ')
      return `Expected \`${fieldOf(instancePath, 'kind')}\` to be one of ${kinds}, got ${JSON.stringify(params.tagValue) ?? 'none'}`
    }
    case 'enum':
      return `Expected ${subject} to be one of ${(schema.enum ?? []).join(', ')}, got ${JSON.stringify(data)}`
    default:
      return `Expected ${subject} to be ${schema.description ?? keyword}, got ${JSON.stringify(data)}`
  }
}
