import { Ajv, type JSONSchemaType, type ValidateFunction } from 'ajv'
import { controlNames } from '../controls.js'
import { factorNames } from '../treatment.js'

/**
 * JSON Schema of a journal's lines: everything that a reader relies on. Additional fields are no
 * error.
 */

type Schema = Readonly<Record<string, unknown>>

type Properties = Readonly<Record<string, Schema>>

/**
 * Makes the schema of an object; `since` are fields introduced after the format: they may be
 * absent.
 */
const object = (properties: Properties, since: Properties = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...since },
  required: Object.keys(properties),
})
const listOf = (items: Schema): Schema => ({ type: 'array', items })
/** Of a schema that names its type. */
const orNull = (schema: Schema): Schema => ({ ...schema, nullable: true })
const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values })
const each = (names: readonly string[], schema: Schema): Record<string, Schema> =>
  Object.fromEntries(names.map((name) => [name, schema]))

const text: Schema = { type: 'string' }
const flag: Schema = { type: 'boolean' }
const finite: Schema = { type: 'number' }
const atLeast0: Schema = { type: 'number', minimum: 0 }
const count: Schema = { type: 'integer', minimum: 0 }
const ordinal: Schema = { type: 'integer', minimum: 1 }
const moment: Schema = {
  type: 'string',
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?Z$',
}
const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' }
/**
 * Lists of safe integers, whose sums are finite. They are most of a journal and checked at once;
 * the schema of their items finds the one that is none.
 */
const packed: Schema = {
  if: { safeIntegers: true },
  else: listOf({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
}
const safeIntegers = {
  keyword: 'safeIntegers',
  schemaType: 'boolean',
  errors: false,
  validate: (_: boolean, value: unknown): boolean => {
    if (!Array.isArray(value)) return false
    for (const number of value) if (!Number.isSafeInteger(number)) return false
    return true
  },
} as const

/**
 * Its levels are compared with the plan's. A name of no factor is damage: the factor would
 * otherwise count as absent.
 */
const treatment: Schema = {
  type: 'object',
  properties: Object.fromEntries(factorNames.map((factor) => [factor, {}])),
  additionalProperties: false,
}
const place = {
  ...each(['trial', 'position'], ordinal),
  block: count,
  phase: { enum: ['warm-up', 'measured', 'control'] },
  control: { enum: [null, ...controlNames] },
  treatment,
  startedAt: moment,
}

const nodeRole: Schema = { enum: ['coordinator', 'worker'] }

const completedTrial = object(
  {
    ...place,
    state: { const: 'completed' },
    totalMs: { type: 'number', exclusiveMinimum: 0 },
    ...each(['insertMs', 'copyMs', 'readMs', 'analyseMs', 'encodeMs', 'connectMs', 'backPressureMs'], orNull(atLeast0)),
    idleMs: orNull(finite),
    ...each(['records', 'badRecords', 'connections'], count),
    bytes: orNull(count),
    checksum: orNull(text),
    ...each(['prepareMs', 'rssPeakBytes', 'clientCpuMs', 'eventLoopUtilisation'], orNull(atLeast0)),
    ...each(['eventLoopDelayP99Ms', 'eventLoopDelayMaxMs', 'gcMs', 'gcPauseMaxMs'], orNull(atLeast0)),
    ...each(['backendCpuMs', 'backendQueueMs', 'backendRssPeakBytes', 'backendPssPeakBytes'], orNull(finite)),
    ...each(['hostBusy', 'hostSteal', 'hostAvailableBytes', 'hostSwapPages'], orNull(finite)),
    ...each(['cpuPressureMs', 'ioPressureMs', 'memoryPressureMs'], orNull(finite)),
    ...each(['walBytes', 'walSyncs', 'walWriteMs', 'walSyncMs'], orNull(finite)),
    ...each(['extends', 'extendBytes', 'extendMs', 'writeBytes', 'writeMs'], orNull(finite)),
    ...each(['checkpoints', 'autovacuumSamples', 'tableBytes', 'indexBytes', 'clockDriftMs'], orNull(finite)),
    configurationLoadedAt: orNull(moment),
    missing: mapOf(text),
    parts: object(each(['worker', 'batch', 'records', 'encode', 'start', 'copy', 'commit'], packed)),
    workerReadings: object({
      backPressureMs: listOf(orNull(atLeast0)),
      ...each(['backendCpuMs', 'backendQueueMs', 'backendRssPeakBytes', 'backendPssPeakBytes'], listOf(orNull(finite))),
      ...each(['walBytes', 'extendBytes', 'writeBytes'], listOf(orNull(finite))),
    }),
    waits: orNull(
      object({
        source: { enum: ['pg_stat_activity', 'pg_wait_sampling'] },
        samples: count,
        counts: listOf(object({ event: text, count })),
        blockers: listOf(object({ event: text, by: { enum: ['worker', 'other session'] }, count })),
        timeline: orNull(object({ at: packed, events: listOf(text), workers: listOf(text) })),
      }),
    ),
    clientSeries: orNull(object(each(['at', 'rss', 'cpu'], packed))),
    serverSeries: orNull(
      object(each(['at', 'connections', 'cpu', 'pss', 'busy'], packed), each(['workers', 'own'], packed)),
    ),
  },
  {
    interruptions: orNull(
      listOf(object({ of: { enum: ['client', 'machine', 'server', 'backend'] }, ...each(['atMs', 'ms'], finite) })),
    ),
    blockers: orNull(
      listOf(object({ pid: count, user: orNull(text), application: text, workers: listOf(count), waitedMs: atLeast0 })),
    ),
    hostOthers: orNull(finite),
    ...each(
      ['indexMs', 'triggerMs', 'restoreMs', 'distributedCommitMs', 'measuredRoundTripMs', 'clientWorkMs'],
      orNull(atLeast0),
    ),
    ...each(['exitMs', 'fromCopyMs', 'betweenLinesMs'], orNull(atLeast0)),
    ...each(['indexWorkers', 'existingBytes'], orNull(count)),
    ...each(['walRecords', 'walFullPages'], orNull(finite)),
    indexSizes: orNull(listOf(object({ name: text, bytes: count }))),
    nodes: orNull(
      listOf(
        object({
          node: text,
          role: nodeRole,
          ...each(['cpuMs', 'walBytes', 'checkpoints', 'shardBytes', 'samples'], orNull(finite)),
          counts: listOf(object({ event: text, count })),
        }),
      ),
    ),
  },
)

const failedTrial = object({
  ...place,
  state: { const: 'failed' },
  error: object({
    ...each(['name', 'message'], text),
    sqlState: orNull(text),
    ...each(['worker', 'batch', 'firstRecord'], orNull(count)),
  }),
})

const finding = object(each(['code', 'message'], text))
const machine = orNull(
  object({
    topology: orNull(object(each(['sockets', 'cores', 'threadsPerCore'], ordinal))),
    clockSource: orNull(text),
    missing: mapOf(text),
  }),
)
const context = object(
  {
    startedAt: moment,
    server: object(
      {
        ...each(['kind', 'version', 'host', 'database'], text),
        ...each(['versionNumber', 'port'], count),
        settings: mapOf(text),
        canCheckpoint: flag,
        procRefusal: orNull(text),
        findings: listOf(finding),
      },
      {
        machine,
        storage: orNull(
          object({
            ...each(['fileSystem', 'device', 'model'], orNull(text)),
            mount: orNull({ type: 'string', enum: ['root', 'below', null] }),
            missing: mapOf(text),
          }),
        ),
      },
    ),
    input: object(
      {
        ...each(['name', 'checksum'], text),
        ...each(['files', 'records', 'badRecords'], count),
        badRecordExamples: listOf(text),
      },
      { contents: orNull(listOf(object({ name: text, bytes: count, sha256 }))) },
    ),
    hardware: object({ cpu: text, cores: ordinal, memoryBytes: atLeast0 }),
    os: object(each(['platform', 'release', 'arch'], text)),
    node: text,
    packages: mapOf(text),
    git: orNull(object({ commit: text, dirty: flag })),
    findings: listOf(finding),
  },
  {
    machine,
    syncTime: orNull(
      object({ of: { enum: ['fdatasync', 'commit'] }, count: ordinal, ...each(['medianMs', 'p99Ms'], atLeast0) }),
    ),
    syncMissing: orNull(text),
    existingChecksum: orNull(text),
    existingRestore: orNull({ type: 'string', enum: ['rows', 'database', null] }),
    serverLevels: orNull(mapOf(mapOf(text))),
    cluster: orNull(
      object({
        version: text,
        nodes: listOf(
          object({
            ...each(['node', 'version'], text),
            role: nodeRole,
            host: orNull(count),
            readsProc: flag,
            settings: mapOf(text),
          }),
        ),
      }),
    ),
  },
)

/**
 * Parts of a plan that its hash does not contain, and those that are read before its hash is
 * checked.
 */
const preregistration = object({
  primary: object({ a: treatment, b: treatment, metric: text, claim: { type: 'object' } }),
  ...each(['level', 'margin'], finite),
  exclude: listOf(text),
  stop: orNull(object({ looks: ordinal, bound: text, maxBlocks: ordinal })),
})
const plan = object(
  {
    ...each(['name', 'hash'], text),
    schemaVersion: ordinal,
    treatments: { type: 'array', items: treatment, minItems: 1 },
    controls: object(
      { aa: orNull(treatment), slowdown: orNull(object({ treatment, by: finite })) },
      { work: orNull(object({ treatment, by: finite })), unprobed: orNull(treatment) },
    ),
    probes: mapOf(flag),
    blocks: ordinal,
    warmUpBlocks: count,
    seed: count,
    input: { type: 'object' },
    server: { type: 'object' },
  },
  {
    leftOut: listOf(object({ treatment, sameAs: treatment, factors: listOf(text) })),
    blocksPerSession: orNull(ordinal),
    meanings: mapOf({ type: 'object' }),
    table: orNull({ type: 'object' }),
    definition: orNull({ type: 'object' }),
    preregistration: orNull(preregistration),
  },
)

const schemas: Readonly<Record<string, Schema>> = {
  plan: object({ plan }),
  session: object({ context }),
  trial: object({
    trial: {
      type: 'object',
      discriminator: { propertyName: 'state' },
      required: ['state'],
      oneOf: [completedTrial, failedTrial],
    },
  }),
  stop: object({ stop: object({ look: ordinal, block: ordinal, text }) }),
}

let compiled: ReadonlyMap<unknown, ValidateFunction> | null = null

/** Compiled when the first journal is read. */
function shapes(): ReadonlyMap<unknown, ValidateFunction> {
  compiled ??= compileShapes()
  return compiled
}

function compileShapes(): ReadonlyMap<unknown, ValidateFunction> {
  const ajv = new Ajv({
    discriminator: true,
    // The schemas are this module's own, and making their code shorter takes longer than it saves.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  }).addKeyword(safeIntegers)
  return new Map(
    Object.entries(schemas).map(([type, schema]) => [type, ajv.compile(schema as JSONSchemaType<unknown>)]),
  )
}

/** Describes what is wrong with the shape of a line's content; null where nothing is. */
export function shapeFault(content: object): string | null {
  const { type } = content as { readonly type?: unknown }
  const fits = shapes().get(type)
  if (!fits) return 'it is not a plan, a session, a trial or a stop'
  if (fits(content)) return null
  const [error] = fits.errors ?? []
  const field = (error?.instancePath ?? '').slice(1).replaceAll('/', '.')
  return `${field === '' ? 'it' : `its ${field}`} ${error?.message ?? 'has another shape'}`
}
