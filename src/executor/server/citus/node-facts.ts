import pg from 'pg'
import { listed } from '../../../names.js'
import type { ClusterFacts } from '../../../study/context.js'
import type { Meanings } from '../../../study/factors/meanings.js'
import type { Finding } from '../../../study/finding.js'
import { isDistributed } from '../../../study/table/layout-of.js'
import type { Treatment } from '../../../study/treatment.js'
import { withClient } from '../../connect.js'
import { mayReadFiles, recordedSettings } from '../facts-sql.js'
import { ownConfig } from '../reach/own-config.js'
import type { Connection } from '../server.js'
import { type Cluster, nameOfNode, readCluster, type SessionCluster } from './cluster.js'
import { askNodes, everyAnswer } from './run-on-nodes.js'

const { escapeLiteral } = pg

interface Answer {
  readonly version: string
  readonly settings: Record<string, string>
  readonly readsProc: boolean
}

/**
 * Query that a node answers with its version, its settings, and whether its files may be read.
 */
export const nodeFactsSql = `SELECT json_build_object(
  'version', split_part(current_setting('server_version'), ' ', 1),
  'settings', (SELECT json_object_agg(name, current_setting(name)) FROM pg_settings
    WHERE name IN (${recordedSettings.map(escapeLiteral).join(', ')})),
  'readsProc', ${mayReadFiles})`

/** Query for the number that Linux gives each start of a host. */
export const hostIdSql = "SELECT to_json(pg_read_file('/proc/sys/kernel/random/boot_id', 0, 100, true))"

/** A session's connection, its treatments, and when it is to end. */
interface Clustering {
  readonly study: string
  readonly meanings: Meanings
  readonly treatments: readonly Treatment[]
  readonly signal: AbortSignal
}

/**
 * Reads the cluster of a server, for one session; null where no treatment distributes the table.
 * Throws `DatabaseError` for a server that cannot: see `readCluster`.
 */
export async function clusterOf(
  connection: Connection,
  { study, meanings, treatments, signal }: Clustering,
): Promise<SessionCluster | null> {
  if (!isDistributed(meanings, treatments)) return null
  const reading = async (client: pg.Client): Promise<SessionCluster> =>
    readNodeFacts(client, await readCluster(client, connection.facts))
  return withClient(ownConfig(connection, `copylab/${study}/nodes`), reading, { signal })
}

/**
 * Reads the facts of all nodes. Throws `DatabaseError` that names the nodes which do not answer.
 */
async function readNodeFacts(client: pg.Client, cluster: Cluster): Promise<SessionCluster> {
  const nameOf = (nodeId: number): string => nameOfNode(cluster, nodeId)
  const facts = everyAnswer(await askNodes<Answer>(client, nodeFactsSql), nameOf)
  const readable = [...facts.values()].every(({ readsProc }) => readsProc)
  // A system that is not Linux has no such file, and one in a sandbox may refuse it.
  const hosts = readable ? await askNodes<string | null>(client, hostIdSql) : []
  const hostOf = new Map(hosts.map(({ nodeId, value }) => [nodeId, value]))
  const known = [...new Set(hosts.flatMap(({ value }) => value ?? []))]
  const nodes = cluster.nodes.map(({ nodeId, node, role }) => {
    const host = hostOf.get(nodeId) ?? null
    const { version, settings } = facts.get(nodeId)!
    return {
      nodeId,
      node,
      role,
      version,
      host: host === null ? null : known.indexOf(host),
      readsProc: host !== null,
      settings,
    }
  })
  return { version: cluster.version, nodes }
}

/** The part of a session's cluster that its context keeps. */
export function factsOfCluster({ version, nodes }: SessionCluster): ClusterFacts {
  return {
    version,
    nodes: nodes.map(({ node, role, version, host, readsProc, settings }) => ({
      node,
      role,
      version,
      host,
      readsProc,
      settings,
    })),
  }
}

/** Findings about what makes the nodes of a cluster disturb each other, or differ. */
export function clusterFindings({ nodes }: ClusterFacts): readonly Finding[] {
  const findings: Finding[] = []
  const hosts = nodes.map(({ host }) => host)
  const shared = nodes.filter(({ host }, k) => host !== null && hosts.some((other, j) => j !== k && other === host))
  if (shared.length > 0) {
    findings.push({
      code: 'shared-nodes',
      message: `${listed(shared.map(({ node }) => node))} run on one host and take each other's cores and disk: what more nodes gain is not seen there, measure on hosts of their own`,
    })
  }
  const workers = nodes.filter(({ role }) => role === 'worker')
  const differing = [...new Set(workers.flatMap(({ settings }) => Object.keys(settings)))].filter(
    (name) => new Set(workers.map(({ settings }) => settings[name])).size > 1,
  )
  const isOfOneVersion = new Set(workers.map(({ version }) => version)).size === 1
  const different = [...(isOfOneVersion ? [] : ['the version of PostgreSQL']), ...differing]
  if (different.length > 0) {
    findings.push({
      code: 'unequal-nodes',
      message: `The worker nodes differ in ${listed(different)}: a load waits for the slowest of them, make them equal`,
    })
  }
  return findings
}
