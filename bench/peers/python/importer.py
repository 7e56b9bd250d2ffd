"""Imports flights from CSV files, one per day: analyses every record, loads batches in parallel with COPY.

Prints `ready` once connected and `done` after the last commit; connects by the PG* variables.
"""

import argparse
import asyncio
import csv
import json
import os
import re
import sys
from collections import defaultdict
from datetime import date, datetime
from itertools import islice
from math import ceil
from pathlib import Path

import asyncpg

AIRPORT = re.compile(r'[A-Z0-9]{3}')
FILE_NAME = re.compile(r'flights-(\d{4}-\d{2}-\d{2})\.csv')
EARLIEST, LATEST = -24 * 60, 7 * 24 * 60
FARTHEST = 12_451

TABLE = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $1::text::regclass
"""


class BadRecord(ValueError):
    """A line that cannot be what it should be, named by file and line."""


def delay_class(delay):
    if delay < 0:
        return 'early'
    if delay < 15:
        return 'on time'
    return 'late' if delay < 60 else 'very late'


def distance_class(distance):
    if distance < 500:
        return 'short'
    return 'medium' if distance < 1500 else 'long'


class FlightFile:
    """One day's flights."""

    def __init__(self, path):
        self.path = Path(path)
        self.day = date.fromisoformat(FILE_NAME.fullmatch(self.path.name)[1])

    def records(self):
        """Checks every line and derives what the table holds beside it, in the order of the table's columns."""
        day = self.day.isoformat()
        weekday = self.day.isoweekday()
        first_id = int(day.replace('-', '')) * 100_000
        flights = defaultdict(int)
        delays = defaultdict(int)
        with self.path.open(newline='', encoding='utf-8') as file:
            reader = csv.reader(file)
            next(reader)
            for line, fields in enumerate(reader, start=2):
                try:
                    departed, delay, distance, origin, destination = fields
                    if len(departed) != 16 or not departed.startswith(day):
                        raise ValueError(f'not a time of {day}: {departed}')
                    departed_at = datetime.fromisoformat(departed)
                    delay = int(delay)
                    distance = int(distance)
                    if not EARLIEST <= delay <= LATEST:
                        raise ValueError(f'not a delay: {delay} minutes')
                    if not 0 <= distance <= FARTHEST:
                        raise ValueError(f'not a distance: {distance} miles')
                    if not AIRPORT.fullmatch(origin) or not AIRPORT.fullmatch(destination):
                        raise ValueError(f'not airports: {origin}, {destination}')
                except ValueError as error:
                    raise BadRecord(f'{self.path.name}:{line}: {error}') from error
                flights[origin] += 1
                delays[origin] += delay
                yield (
                    first_id + line,
                    departed_at,
                    departed_at.hour,
                    weekday,
                    origin,
                    destination,
                    f'{origin}-{destination}',
                    delay,
                    delay_class(delay),
                    distance,
                    distance_class(distance),
                    delays[origin] / flights[origin],
                )


class FlightAnalyzer:
    """Loads batches of analysed records by COPY."""

    def __init__(self, pool, schema, table, columns):
        self.pool = pool
        self.schema = schema
        self.table = table
        self.columns = columns

    async def execute_batch_parallel(self, batch, max_tasks):
        """Cuts the batch into one chunk per task and waits until all of them are in."""
        size = ceil(len(batch) / max_tasks)
        chunks = (batch[at : at + size] for at in range(0, len(batch), size))
        await asyncio.gather(*(self.insert_chunk(chunk) for chunk in chunks))

    async def insert_chunk(self, chunk):
        async with self.pool.acquire() as connection:
            await connection.copy_records_to_table(
                self.table, schema_name=self.schema, columns=self.columns, records=chunk
            )


class BenchmarkExecutor:
    """Drives files through a pipeline, batch by batch."""

    def __init__(self, files_to_process, offset, pipeline, max_tasks, limit=None, batch_size=10_000):
        self.files_to_process = files_to_process
        self.offset = offset
        self.pipeline = pipeline
        self.max_tasks = max_tasks
        self.limit = limit
        self.batch_size = batch_size

    def records(self):
        """The records of all files, `offset` of them passed over, at most `limit`."""
        every = (record for file in self.files_to_process for record in file.records())
        end = None if self.limit is None else self.offset + self.limit
        return islice(every, self.offset, end)

    async def run(self):
        records = self.records()
        while batch := list(islice(records, self.batch_size)):
            await self.pipeline(batch, self.max_tasks)


async def run_import(options):
    total_files = [FlightFile(path) for path in sorted(options.folder.glob('flights-*.csv'))]
    workers = options.workers
    # asyncpg reads no PGAPPNAME and no PGOPTIONS.
    known = {'application_name': 'PGAPPNAME', 'options': 'PGOPTIONS'}
    settings = {name: os.environ[variable] for name, variable in known.items() if variable in os.environ}
    async with asyncpg.create_pool(min_size=workers, max_size=workers, server_settings=settings) as pool:
        schema, table = await pool.fetchrow(TABLE, options.table)
        analyzer = FlightAnalyzer(pool, schema, table, json.loads(os.environ['COPYLAB_COLUMNS']))
        executor = BenchmarkExecutor(
            files_to_process=total_files,
            offset=options.offset,
            pipeline=analyzer.execute_batch_parallel,
            max_tasks=workers,
            limit=options.limit,
            batch_size=options.batch_size,
        )
        print('ready', flush=True)
        await executor.run()
        print('done', flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('--workers', type=int, required=True)
    arguments.add_argument('--batch-size', type=int, default=10_000)
    arguments.add_argument('--offset', type=int, default=0, help='records passed over')
    arguments.add_argument('--limit', type=int, help='records at most; all without it')
    arguments.add_argument('--table', required=True, help='as SQL spells it')
    arguments.add_argument('folder', type=Path, help='of CSV files flights-YYYY-MM-DD.csv')
    asyncio.run(run_import(arguments.parse_args()))


if __name__ == '__main__':
    try:
        main()
    except Exception as error:
        sys.exit(f'{type(error).__name__}: {error}'.replace('\n', ' '))
