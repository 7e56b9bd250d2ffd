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

TYPES = {
    'bool': pa.bool_(),
    'bpchar': pa.string(),
    'date': pa.date32(),
    'float4': pa.float32(),
    'float8': pa.float64(),
    'int2': pa.int16(),
    'int4': pa.int32(),
    'int8': pa.int64(),
    'text': pa.string(),
    'timestamp': pa.timestamp('us'),
    'timestamptz': pa.timestamp('us', 'UTC'),
    'varchar': pa.string(),
}

TABLE = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $1::text::regclass
"""
COLUMN_TYPES = """
    SELECT a.attname, t.typname, a.atttypmod FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""


def arrow_type(column, name, modifier):
    if name == 'numeric' and modifier >= 0:
        # The modifier of numeric(p, s) is ((p << 16) | s) + 4.
        return pa.decimal128((modifier - 4) >> 16, (modifier - 4) & 0x7FF)
    if name not in TYPES:
        raise TypeError(f'column {column}: no Arrow type for {name}')
    return TYPES[name]


def read_batches(files, kinds, columns, size):
    """All records as tuples of what Python has for their types, in lists of `size`."""
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=len(columns) > 1)
    convert = pyarrow.csv.ConvertOptions(
        column_types=kinds,
        include_columns=columns,
        null_values=[''],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=['t', 'true'],
        false_values=['f', 'false'],
    )
    records = pa.concat_tables(pyarrow.csv.read_csv(path, parse_options=parse, convert_options=convert) for path in files)
    rows = zip(*(column.to_pylist() for column in records.columns))
    return list(iter(lambda: list(islice(rows, size)), []))


async def load(options, columns):
    # asyncpg reads no PGAPPNAME and no PGOPTIONS.
    known = {'application_name': 'PGAPPNAME', 'options': 'PGOPTIONS'}
    settings = {name: os.environ[variable] for name, variable in known.items() if variable in os.environ}
    connections = [await asyncpg.connect(server_settings=settings) for _ in range(options.workers)]
    schema, table = await connections[0].fetchrow(TABLE, options.table)
    kinds = {
        name: arrow_type(name, kind, modifier)
        for name, kind, modifier in await connections[0].fetch(COLUMN_TYPES, options.table)
        if name in columns
    }
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
