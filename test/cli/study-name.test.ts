import { expect, test } from 'vitest'
import { studyNameOf } from '../../src/cli/options/study-name.js'
import { checkStudyName } from '../../src/study/make-plan.js'

test.each([
  [{ input: 'flights' }, 'flights'],
  [{ input: './data/My orders 2026/' }, 'My-orders-2026'],
  [{ input: 'orders.csv.gz' }, 'orders'],
  [{ input: 'orders', like: 'public.order_lines' }, 'order_lines'],
  [{ input: 'orders', like: 'app."Order ""s"' }, 'Order-s'],
  [{ input: 'orders', ddl: '/tmp/table of orders.sql' }, 'table-of-orders'],
  [{ input: 'x'.repeat(60) }, 'x'.repeat(40)],
  [{ input: '订单' }, 'files'],
])('a study without a name has that of its table or files: %j', (given, name) => {
  expect(studyNameOf(given)).toBe(name)
  checkStudyName(name)
})
