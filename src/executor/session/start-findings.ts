import type { Finding } from '../../study/finding.js'
import type { Connection } from '../server/server.js'

/** Finds that a server was not started for each session of a study in sessions. */
export function startFindings({ facts }: Pick<Connection, 'facts'>): readonly Finding[] {
  if (facts.kind === 'embedded') return []
  return [
    {
      code: 'server-not-restarted',
      message:
        'The server was not started for each session, since copylab did not start it: sessions differ in their connections and client processes alone, and what differs from one start of a server to the next stays unknown',
    },
  ]
}
