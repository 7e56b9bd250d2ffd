import type { Treatment } from '../../study/treatment.js'
import type { Estimate } from '../statistics/estimate.js'
import { describedAs, joined, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { quoted } from '../text/quoted.js'
import { treatmentPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import type { Explanation } from './explain.js'
import type { NodeTime } from './node-times.js'
import type { TimeSpent } from './time-spent.js'
import { inSeconds } from './time-spent-words.js'

/** States what each node of a cluster did under one treatment: CPU time, WAL, shards, backends. */
export function nodesWords({ at, varying, nodes }: TimeSpent): Phrase[] {
  const treatment = treatmentPhrase(at, varying)
  return nodes.map((node, k) => describedAs(treatment.text, prefixed(`node.${k}`, nodePhrase(node))))
}

/** States what each node did under the two treatments of a change, those that are distributed. */
export function changedNodesWords({ from, to, varying, nodes }: Explanation): Phrase[] {
  const side = (name: 'from' | 'to', treatment: Treatment): Phrase[] => {
    const levels = treatmentPhrase(treatment, varying)
    return nodes[name].map((node, k) =>
      describedAs(levels.text, prefixed(`${name}.node.${k}`, phrase`${levels}: ${nodePhrase(node)}`)),
    )
  }
  return [...side('from', from), ...side('to', to)]
}

function nodePhrase({ node, role, cpuMs, walBytes, shardBytes, checkpoints, activities }: NodeTime): Phrase {
  const amounts = [
    ...(cpuMs ? [inSeconds('cpu', cpuMs, 's of CPU', "CPU time of the node's server, seconds")] : []),
    ...(walBytes ? [megabytes('wal', walBytes, 'WAL', 'WAL written on the node')] : []),
    ...(shardBytes && shardBytes.value > 0 ? [megabytes('shards', shardBytes, 'shards', 'size of its shards')] : []),
    ...(checkpoints && checkpoints.value > 0
      ? [
          phrase`${quoted('checkpoints', checkpoints.value, checkpoints.value.toFixed(1), 'checkpoints begun on the node')} checkpoints a trial`,
        ]
      : []),
  ]
  const name = phrase`Node ${verbatim('name', node, 'address of the node')} (${role})`
  const used = amounts.length > 0 ? joined(amounts, ', ') : 'what it used was not read'
  if (activities.length === 0) return phrase`${name}: ${used}`
  const spent = activities
    .slice(0, 5)
    .map((one) =>
      inSeconds(`activity.${one.activity}`, one.ms, `s ${one.label}`, `${one.label}, seconds of the node's backends`),
    )
  return phrase`${name}: ${used}; its backends spent ${joined(spent, ', ')}`
}

function megabytes(name: string, { value }: Estimate, thing: string, meaning: string): Phrase {
  const amount = value / 1e6
  const text = amount >= 100 ? amount.toFixed(0) : amount.toFixed(1)
  return phrase`${quoted(name, amount, text, `${meaning}, MB`)} MB of ${thing}`
}
