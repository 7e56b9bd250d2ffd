import type { Endurance } from '../endurance.js'

export interface Fuzz {
  readonly points: number
}

export const fuzz: Endurance<Fuzz> = {
  name: 'fuzz',
  title: 'Inputs that nobody wrote',
  run: async () => ({ points: 0 }),
  wrong: ({ points }) => (points === 0 ? ['nothing was tried'] : []),
  show: () => [],
}
