import type { Endurance } from '../endurance.js'

export interface Soak {
  readonly points: number
}

export const soak: Endurance<Soak> = {
  name: 'soak',
  title: 'Length and width',
  run: async () => ({ points: 0 }),
  wrong: ({ points }) => (points === 0 ? ['nothing was tried'] : []),
  show: () => [],
}
