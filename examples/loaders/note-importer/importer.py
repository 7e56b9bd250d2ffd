"""The importer of the thesis note "Worker Count Analysis", rebuilt from what the note says of it.

It reads records, analyses each (here: turns its fields into the columns' types), collects a batch,
cuts the batch into one chunk per task, and loads the chunks with parallel COPY; the next batch
starts when all chunks are in. So a COPY has `batch size / max tasks` records. Reading, analysing and
asyncpg's encoding share one thread: while a record is read, nothing is sent.

On stderr it says how long it took in all and, as the note does, how long inserting took.
"""

import asyncio
import sys
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import ceil
from pathlib import Path
from time import perf_counter
from uuid import UUID
from zoneinfo import ZoneInfo

sys.path.append(str(Path(__file__).resolve().parents[1] / 'python'))
import trial

try:
    import asyncpg
except ImportError:
    trial.skip('asyncpg', 'pip install -r examples/loaders/requirements.txt')

BOOLEANS = {'t': True, 'true': True, 'f': False, 'false': False}

CONVERTERS = {
    'bool': lambda text: BOOLEANS[text.lower()],
    'bpchar': str,
    'date': date.fromisoformat,
    'float4': float,
    'float8': float,
    'int2': int,
    'int4': int,
    'int8': int,
    'json': str,
    'jsonb': str,
    'numeric': Decimal,
    'text': str,
    'timestamp': datetime.fromisoformat,
    'uuid': UUID,
    'varchar': str,
}
"""From a field to the value that asyncpg's binary COPY takes, by the name of the column's type."""


async def converters_of(connection, table, columns):
    """One converter a column; refuses columns that the table lacks, and types that are not known here."""
    types = {name: type_name for name, type_name, _ in await connection.fetch(trial.COLUMN_TYPES, table)}
    zone = ZoneInfo(await connection.fetchval('SHOW TimeZone'))

    def instant(text):
        value = datetime.fromisoformat(text)
        # As the server takes a time without an offset.
        return value if value.tzinfo else value.replace(tzinfo=zone)

    known = CONVERTERS | {'timestamptz': instant}
    for column in columns:
        if column not in types:
            raise trial.LoadError(f'column {column}: {table} has none of this name')
        if types[column] not in known:
            raise trial.LoadError(f'column {column}: expected one of {", ".join(sorted(known))}, got {types[column]}')
    return [known[types[column]] for column in columns]


class Analyzer:
    """Analyses records, and loads batches of them."""

    def __init__(self, pool, table, columns, converters, max_tasks, cut):
        self.pool = pool
        self.schema, self.table = table
        self.columns = columns
        self.converters = converters
        self.max_tasks = max_tasks
        self.cut = cut
        self.semaphore = asyncio.Semaphore(max_tasks)
        self.insert_seconds = 0

    def analyse(self, record):
        try:
            return tuple(
                None if field is None else convert(field) for convert, field in zip(self.converters, record)
            )
        except (ValueError, KeyError, InvalidOperation) as error:
            raise trial.LoadError(f'record {record}: {error}') from error

    async def execute_batch_parallel(self, batch):
        start = perf_counter()
        chunks = self.cut(batch, ceil(len(batch) / self.max_tasks))
        await asyncio.gather(*(self.insert(chunk) for chunk in chunks))
        self.insert_seconds += perf_counter() - start

    async def insert(self, chunk):
        async with self.semaphore, self.pool.acquire() as connection:
            await connection.copy_records_to_table(
                self.table, schema_name=self.schema, columns=self.columns, records=chunk
            )


def cut_by_index(rows, size):
    """Touches each row once, whatever the size of the batch."""
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def cut_by_slice(rows, size):
    """Takes a chunk from the front and copies what is left, once a chunk."""
    chunks = []
    while rows:
        chunks.append(rows[:size])
        rows = rows[size:]
    return chunks


def cut_by_pop(rows, size):
    """Takes row by row from the front, each time moving all that is left: quadratic in the batch."""
    chunks = []
    while rows:
        chunks.append([rows.pop(0) for _ in range(min(size, len(rows)))])
    return chunks


CUTS = {None: cut_by_index, 'slice': cut_by_slice, 'pop': cut_by_pop}


async def load(options):
    columns = trial.columns_of(options.files)
    async with asyncpg.create_pool(min_size=options.max_tasks, max_size=options.max_tasks) as pool:
        table = await pool.fetchrow(trial.TABLE, options.table)
        async with pool.acquire() as connection:
            converters = await converters_of(connection, options.table, columns)
        analyzer = Analyzer(pool, table, columns, converters, options.max_tasks, CUTS[options.consume_list])
        trial.say('ready')
        start = perf_counter()
        analysed = map(analyzer.analyse, trial.records(options.files, len(columns)))
        for batch in trial.batches_of(analysed, options.batch_size):
            await analyzer.execute_batch_parallel(batch)
        total_seconds = perf_counter() - start
        trial.say('done')
    print(f'total {total_seconds:.2f} s, inserting {analyzer.insert_seconds:.2f} s', file=sys.stderr)


def main():
    arguments = trial.parser()
    arguments.add_argument('--max-tasks', type=trial.positive, required=True, help='chunks of a batch, connections')
    arguments.add_argument(
        '--consume-list',
        choices=['slice', 'pop'],
        help='cut chunks by taking them from the front of the list: by rows[:n] and rows[n:], or by rows.pop(0)',
    )
    options = arguments.parse_args()
    asyncio.run(load(options))


if __name__ == '__main__':
    trial.run(main, (asyncpg.PostgresError, asyncpg.InterfaceError))
