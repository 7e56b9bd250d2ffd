"""Loads records that are in memory by asyncpg's copy_records_to_table: each connection takes the next batch of one queue.

pyarrow reads the files into tuples before `ready`; asyncpg encodes them in binary. Connects by the PG* variables.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
from itertools import islice

import asyncpg
import pyarrow as pa
import pyarrow.csv
import uvloop

from arrow_types import COLUMN_TYPES, TABLE, column_types, convert_options


def read_batches(files, kinds, columns, size):
    """All records as tuples of what Python has for their types, in lists of `size`."""
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=len(columns) > 1)
    convert = convert_options(columns, kinds)
    records = pa.concat_tables(pyarrow.csv.read_csv(path, parse_options=parse, convert_options=convert) for path in files)
    rows = zip(*(column.to_pylist() for column in records.columns))
    return list(iter(lambda: list(islice(rows, size)), []))


async def load(options, columns):
    # asyncpg reads no PGAPPNAME and no PGOPTIONS.
    known = {'application_name': 'PGAPPNAME', 'options': 'PGOPTIONS'}
    settings = {name: os.environ[variable] for name, variable in known.items() if variable in os.environ}
    connections = [await asyncpg.connect(server_settings=settings) for _ in range(options.workers)]
    schema, table = await connections[0].fetchrow(TABLE, options.table)
    kinds = column_types(columns, await connections[0].fetch(COLUMN_TYPES, options.table))
    queue = iter(read_batches(options.files, kinds, columns, options.batch_size))
    # Without this, every full collection inside the clock would walk through all records.
    gc.freeze()

    async def work(connection):
        for batch in queue:
            await connection.copy_records_to_table(table, schema_name=schema, columns=columns, records=batch)

    print('ready', flush=True)
    await asyncio.gather(*map(work, connections))
    print('done', flush=True)
    for connection in connections:
        await connection.close()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('--workers', type=int, required=True)
    arguments.add_argument('--batch-size', type=int, required=True, help='records of one COPY')
    arguments.add_argument('--table', required=True, help='as SQL spells it')
    arguments.add_argument('files', nargs='+', help='CSV files in UTF-8 with a header')
    options = arguments.parse_args()
    uvloop.run(load(options, json.loads(os.environ['COPYLAB_COLUMNS'])))


if __name__ == '__main__':
    try:
        main()
    except Exception as error:
        sys.exit(f'{type(error).__name__}: {error}'.replace('\n', ' '))
