import { randomBytes } from 'node:crypto'
import { embedded, type Server } from '../../src/entries/executor.js'
import { withClient } from '../../src/executor/connect.js'

/**
 * The embedded server with a database of this file's own: what is put into it is gone with it,
 * however the tests end.
 */
export const scratchEmbedded: Server = {
  ...embedded(),
  use: (task, options) =>
    embedded().use(
      (connection) =>
        withClient(connection.config, async (admin) => {
          const database = `scratch_${randomBytes(6).toString('hex')}`
          await admin.query(`CREATE DATABASE ${database}`)
          try {
            return await task({ ...connection, config: { ...connection.config, database } })
          } finally {
            await admin.query(`DROP DATABASE ${database} WITH (FORCE)`)
          }
        }),
      options,
    ),
}
