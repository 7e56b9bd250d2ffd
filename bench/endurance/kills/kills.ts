import type { Endurance } from '../endurance.js'

export interface Kills {
  readonly points: number
}

export const kills: Endurance<Kills> = {
  name: 'kills',
  title: 'The client, its server, the guardian and single backends killed, and studies resumed',
  run: async () => ({ points: 0 }),
  wrong: ({ points }) => (points === 0 ? ['nothing was tried'] : []),
  show: () => [],
}
