import type { LayoutChange, LayoutPartitions } from '../../study/factors/layouts.js'
import type { TablePart, TableTrigger } from '../../study/table/definition.js'
import { basisPhrase } from '../replicates/basis-words.js'
import { type Estimate, excludesZero, mapEstimate, negateEstimate } from '../statistics/estimate.js'
import { formatNumber } from '../tables/tables.js'
import {
  describedAs,
  type Fragment,
  joined,
  listed,
  type Phrase,
  phrase,
  prefixed,
  type QuotedNumber,
} from '../text/phrase.js'
import { countedThings, quoted } from '../text/quoted.js'
import { measuredPhrase, signedPercent, treatmentPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import { isTrigger, type LayoutCost } from './layout-costs.js'

/**
 * States what a layout costs: the part that it leaves out or has, by how much, how sure, and what
 * the server itself counted: "With 2 workers at 10K, the index orders_tags_idx (gin (tags)) costs
 * 812 ms (95 % CI 790 to 840), 41 % (95 % CI 39 to 43) of a load with it".
 */
export function layoutCostWords(found: LayoutCost): Phrase {
  const { a, varying, blocks } = found
  const setting = treatmentPhrase(
    a,
    varying.filter((factor) => factor !== 'layout'),
  )
  const words = phrase`With ${setting}, ${subjectPhrase(found)} ${costPhrase(found)}`
  const basis = blocks > 0 ? phrase`, ${basisPhrase(found)}` : ''
  const counted = serverPhrases(found)
  const server = counted.length > 0 ? phrase`; the server ${listed(counted)}` : ''
  return describedAs(
    `layout ${found.layout} vs ${found.reference}, ${setting.text}`,
    phrase`${words}${basis}${server}${uncounted(found)}`,
  )
}

function subjectPhrase({ parts, changes, layout, reference }: LayoutCost): Phrase {
  if (parts.length === 0) {
    const own = phrase`${verbatim('layout', layout, 'layout')}${changePhrase(changes.a)}`
    const other = phrase`${verbatim('reference', reference, 'layout')}${prefixed('reference', changePhrase(changes.b))}`
    return phrase`the layout ${own} in place of ${other}`
  }
  return listed(parts.map((part, k) => verbatim(`part.${k + 1}`, partText(part), 'part of the table')))
}

/**
 * " (24 partitions by the hash of customer, without orders_pkey)", " (distributed by id over 32
 * shards)"; empty for a table that is as it was.
 */
function changePhrase({ partitions, without, triggers, ...placed }: LayoutChange): Fragment {
  const changes = [
    ...(placed.distribute === undefined ? [] : [distributedPhrase(placed.distribute, placed)]),
    ...(partitions ? [partitionsPhrase(partitions)] : []),
    ...(without ? [phrase`without ${namesPhrase('without', without)}`] : []),
    ...(triggers
      ? [phrase`with the ${triggers.length > 1 ? 'triggers' : 'trigger'} ${namesPhrase('trigger', triggers)}`]
      : []),
  ]
  return changes.length === 0 ? '' : phrase` (${joined(changes, ', ')})`
}

function distributedPhrase(column: string, { shards, colocateWith }: LayoutChange): Phrase {
  const over = shards === undefined ? '' : phrase` over ${countedThings('shards', shards, 'shard')}`
  const near =
    colocateWith === undefined ? '' : phrase`, colocated with ${verbatim('colocateWith', colocateWith, 'table')}`
  return phrase`distributed by ${verbatim('distribute', column, 'column')}${over}${near}`
}

function partitionsPhrase({ count, by = ['the primary key'] }: LayoutPartitions): Fragment {
  if (count === 0) return 'no partitions'
  return phrase`${countedThings('partitions', count, 'partition')} by the hash of ${verbatim('by', by.join(', '), 'columns')}`
}

const namesPhrase = (name: string, names: readonly string[]): Phrase =>
  listed(names.map((one, k) => verbatim(`${name}.${k + 1}`, one, 'part of the table')))

/** "the index orders_tags_idx (gin (tags))", "the trigger audit (AFTER INSERT, app.audit())". */
function partText(part: TablePart | TableTrigger): string {
  if (isTrigger(part)) return `the trigger ${part.name} (${part.fires}, ${part.calls})`
  return `the ${kindWords[part.kind]} ${part.name} (${part.sql.replace(/^(UNIQUE )?INDEX USING /, '$1')})`
}

const kindWords: { readonly [K in TablePart['kind']]: string } = {
  'primary key': 'primary key',
  unique: 'unique key',
  exclusion: 'exclusion constraint',
  check: 'check',
  'foreign key': 'foreign key',
  index: 'index',
}

function costPhrase(found: LayoutCost): Phrase {
  const { cost, share, parts } = found
  const many = parts.length > 1
  if (!cost || !share) return phrase`${many ? 'cost' : 'costs'} an unknown time: no block with both`
  const isTold = excludesZero(cost) && excludesZero(share)
  const saves = isTold && cost.value < 0
  const verb = saves ? 'save' : 'cost'
  const shown = (estimate: Estimate): Estimate => (saves ? negateEstimate(estimate) : estimate)
  const time = measuredPhrase(shown(cost), milliseconds, `total time that it ${verb}s, in ms`)
  const percent = mapEstimate(shown(share), (value) => value * 100)
  const part = measuredPhrase(percent, signedPercent, `share of a load that it ${verb}s, in per cent`, '')
  const doubt = cost.interval && !isTold ? ', which is not distinguishable from zero' : ''
  return phrase`${verb}${many ? '' : 's'} ${unitAfter(time, 'ms')}, ${unitAfter(prefixed('share', part), '%')} of a load ${loadText(found)}${doubt}`
}

/** Puts a unit after the value of a measured phrase, before its interval. */
function unitAfter(measured: Phrase, unit: string): Phrase {
  const [value] = measured.numbers
  const { text } = value!
  return { numbers: measured.numbers, text: `${text} ${unit}${measured.text.slice(text.length)}` }
}

/** The load of which the cost is a share: that of the layout compared with. */
function loadText({ having, parts, reference }: LayoutCost): Fragment {
  const them = parts.length > 1 ? 'them' : 'it'
  if (having === null) return phrase`with ${verbatim('reference', reference, 'layout')}`
  return having === 'b' ? `with ${them}` : `without ${them}`
}

const milliseconds = (ms: number): string => formatNumber(ms, Math.abs(ms) < 10 ? 1 : 0)

function serverPhrases({ parts, server }: LayoutCost): Phrase[] {
  const { indexBytes, triggerMs, walBytes } = server
  const many = parts.length > 1
  const found: Phrase[] = []
  if (indexBytes !== null) {
    const size = megabytes('indexBytes', indexBytes, 'size of the index, in MB')
    found.push(many ? phrase`has indexes of ${size} MB for them` : phrase`has an index of ${size} MB for it`)
  }
  if (triggerMs !== null) {
    const time = quoted('triggerMs', triggerMs, milliseconds(triggerMs), 'time in trigger functions, in ms')
    const functions = parts.filter(isTrigger).length > 1 ? 'their functions' : 'its function'
    found.push(phrase`counted ${time} ms of the workers' time in ${functions}`)
  }
  if (walBytes !== null) {
    const size = megabytes('walBytes', Math.abs(walBytes), 'difference in WAL, in MB')
    const isEqual = Number(size.text) === 0
    found.push(isEqual ? phrase`wrote as much WAL` : phrase`wrote ${size} MB ${walBytes > 0 ? 'more' : 'less'} WAL`)
  }
  return found
}

function uncounted({ server: { triggerMsReason } }: LayoutCost): Fragment {
  if (triggerMsReason === null) return ''
  return phrase`; the time in trigger functions is not known: ${verbatim('reason', triggerMsReason, 'why')}`
}

const megabytes = (name: string, bytes: number, meaning: string): QuotedNumber =>
  quoted(name, bytes / 1e6, formatNumber(bytes / 1e6, bytes < 1e5 ? 2 : bytes < 1e7 ? 1 : 0), meaning)
