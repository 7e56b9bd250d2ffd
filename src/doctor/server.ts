import type { Server } from '../executor/server/server.js'
import { type Check, check } from './check.js'

/** Starts or reaches a server, and says what it is and what is doubtful about it. Never throws. */
export async function serverCheck(server: Server, signal?: AbortSignal): Promise<Check> {
  try {
    const facts = await server.use(async (connection) => connection.facts, { signal })
    const doubts = facts.findings.map((finding) => finding.message)
    return check(
      'server',
      `${facts.kind}: PostgreSQL ${facts.version}, database ${facts.database}`,
      doubts.length > 0 ? doubts.join('; ') : null,
    )
  } catch (error) {
    return check('server', 'cannot be used', (error as Error).message, 'problem')
  }
}
