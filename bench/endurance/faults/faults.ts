import type { Endurance } from '../endurance.js'

export interface Faults {
  readonly points: number
}

export const faults: Endurance<Faults> = {
  name: 'faults',
  title: 'The network, the server and the disk failing at random moments',
  run: async () => ({ points: 0 }),
  wrong: ({ points }) => (points === 0 ? ['nothing was tried'] : []),
  show: () => [],
}
