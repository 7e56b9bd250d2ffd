import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  cpuMsOfStat,
  hostCpuOf,
  pressureMsOf,
  scheduleOf,
  swapPagesOf,
} from '../../../src/executor/probes/proc.js'

describe('/proc', () => {
  it('cpuMsOfStat adds user and system time, whatever the name in parentheses holds', () => {
    const after = `S 1 1 1 0 -1 4194368 491 0 0 0 ${120} ${34} 0 0 20 0 1 0 52363 229109760 3388`
    expect(cpuMsOfStat(`3096 (postgres) ${after}`)).toBe(1540)
    expect(cpuMsOfStat(`3096 (a ) b (c) ${after}`)).toBe(1540)
    expect(cpuMsOfStat('')).toBeNull()
  })

  it('scheduleOf reads nanoseconds, and takes a file of zeros for a kernel that does not count', () => {
    expect(scheduleOf('2227694000 21972000 3\n')).toEqual({ cpuMs: 2227.694, queueMs: 21.972 })
    expect(scheduleOf('0 0 0\n')).toBeNull()
    expect(scheduleOf('')).toBeNull()
  })

  it('bytesOf finds the line of a name, and no other', () => {
    const text = 'Rss:               13604 kB\nPss:                4048 kB\nPss_Dirty:          2675 kB\n'
    expect(bytesOf(text, 'Pss')).toBe(4048 * 1024)
    expect(bytesOf(text, 'VmHWM')).toBeNull()
  })

  it('hostCpuOf counts idle time and waits for I/O as not busy, and steal apart', () => {
    expect(hostCpuOf('cpu  100 10 50 800 30 2 3 5 60 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toEqual({
      totalMs: 10_000,
      busyMs: 1_650,
      stealMs: 50,
    })
    expect(hostCpuOf('nothing')).toBeNull()
  })

  it('swapPagesOf adds pages in and out; pressureMsOf takes the total of some', () => {
    expect(swapPagesOf('pgpgin 1\npswpin 7\npswpout 5\n')).toBe(12)
    expect(swapPagesOf('pgpgin 1\n')).toBeNull()
    const pressure = 'some avg10=1.63 avg60=0.29 avg300=0.70 total=10211923\nfull avg10=0.00 total=5\n'
    expect(pressureMsOf(pressure)).toBe(10_211.923)
    expect(pressureMsOf('')).toBeNull()
  })
})
