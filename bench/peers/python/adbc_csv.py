"""Loads CSV files by Arrow and ADBC: processes with one connection each take the next file of one queue.

pyarrow reads and parses a file in blocks, ADBC's PostgreSQL driver encodes and sends them by one COPY in binary a file.
Connects by the PG* variables.
"""

import argparse
import json
import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa
import pyarrow.csv

from arrow_types import COLUMN_TYPES, TABLE, column_types, convert_options

# Processes that are forked start at once, and have what was imported; no thread runs before.
fork = multiprocessing.get_context('fork')


def ask(connection, query, table):
    with connection.cursor() as cursor:
        cursor.execute(query, (table,))
        return cursor.fetchall()


def work(options, files, columns, following, together, failures):
    """One connection, which takes the next file as soon as its last one is in."""
    try:
        # Whom to connect to is in the environment, as libpq reads it.
        with adbc.connect('postgresql://', autocommit=True) as connection, connection.cursor() as cursor:
            [[schema, table]] = ask(connection, TABLE, options.table)
            found = ask(connection, COLUMN_TYPES, options.table)
            kinds = column_types(columns, found)
            form = {
                'read_options': pyarrow.csv.ReadOptions(use_threads=options.workers == 1),
                'parse_options': pyarrow.csv.ParseOptions(
                    delimiter=options.delimiter,
                    newlines_in_values=pa.string() in kinds.values(),
                    ignore_empty_lines=len(columns) > 1,
                ),
                'convert_options': convert_options(
                    columns,
                    kinds,
                    timestamp_parsers=[options.timestamp_format] if options.timestamp_format else None,
                    decimal_point=options.decimal,
                ),
            }
            together.wait()
            together.wait()
            while True:
                with following.get_lock():
                    at = following.value
                    following.value += 1
                if at >= len(files):
                    break
                with pyarrow.csv.open_csv(files[at], **form) as reader:
                    cursor.adbc_ingest(table, reader, mode='append', db_schema_name=schema)
            together.wait()
    except BaseException as error:
        failures.put(f'{type(error).__name__}: {error}')
        # Nobody waits for a process that is gone.
        together.abort()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('--workers', type=int, required=True)
    arguments.add_argument('--table', required=True, help='as SQL spells it')
    arguments.add_argument('--delimiter', default=',')
    arguments.add_argument('--decimal', default='.', help='the decimal separator')
    arguments.add_argument('--timestamp-format', help='as strptime spells it; ISO 8601 without it')
    arguments.add_argument('folder', type=Path, help='CSV files in UTF-8 with a header')
    options = arguments.parse_args()
    files = sorted(map(str, options.folder.iterdir()))
    columns = json.loads(os.environ['COPYLAB_COLUMNS'])
    following, together, failures = fork.Value('i', 0), fork.Barrier(options.workers + 1), fork.SimpleQueue()
    processes = [
        fork.Process(target=work, args=(options, files, columns, following, together, failures), daemon=True)
        for _ in range(options.workers)
    ]
    for process in processes:
        process.start()
    # Daemons end with this process, in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        together.wait()
        print('ready', flush=True)
        together.wait()
        together.wait()
    except threading.BrokenBarrierError:
        raise RuntimeError(failures.get()) from None
    print('done', flush=True)
    for process in processes:
        process.join()


if __name__ == '__main__':
    try:
        main()
    except Exception as error:
        sys.exit(f'{type(error).__name__}: {error}'.replace('\n', ' '))
