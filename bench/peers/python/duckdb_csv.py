"""Loads CSV files by DuckDB and its postgres extension: each worker is a DuckDB in memory that reads its share of the files
and inserts them by one statement, which the extension sends as one COPY in binary.

Column types are those of the server's table as DuckDB sees it: of a numeric without a precision it makes a double.
Connects by the PG* variables.
"""

import argparse
import json
import os
import sys
import threading
from pathlib import Path

import duckdb
import duckdb_extension_postgres_scanner

EXTENSION = (
    Path(duckdb_extension_postgres_scanner.__file__).parent
    / 'extensions'
    / f'v{duckdb.__version__}'
    / 'postgres_scanner.duckdb_extension'
)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def shares_of(files, workers):
    """The files in as many lists, balanced by size; no list is empty."""
    shares = [[] for _ in range(min(workers, len(files)))]
    sizes = [0] * len(shares)
    for path in sorted(files, key=os.path.getsize, reverse=True):
        smallest = sizes.index(min(sizes))
        shares[smallest].append(path)
        sizes[smallest] += os.path.getsize(path)
    return shares


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
    names = ', '.join(map(quoted, columns))
    target = f'server.{options.table}'

    def connected():
        database = duckdb.connect()
        database.execute(f"LOAD '{EXTENSION}'")
        # Instances share the cores, and a table has no order to keep.
        database.execute(f'SET threads = {max(1, os.cpu_count() // options.workers)}')
        database.execute('SET preserve_insertion_order = false')
        database.execute("ATTACH '' AS server (TYPE postgres)")
        # Makes the connection, which the insert takes, and finds the table.
        described = database.execute(f'DESCRIBE SELECT {names} FROM {target}').fetchall()
        return database, {name: kind for name, kind, *_ in described}

    def insert(database, kinds, files):
        given = {'files': files, 'columns': kinds, 'delimiter': options.delimiter, 'decimal': options.decimal}
        form = ''
        if options.timestamp_format:
            given['format'] = options.timestamp_format
            form = ', timestampformat = $format'
        # An empty field is NULL and "" the empty string.
        database.execute(
            f"""INSERT INTO {target} ({names}) SELECT * FROM read_csv($files, columns = $columns, header = true,
                auto_detect = false, delim = $delimiter, decimal_separator = $decimal, quote = '"', escape = '"',
                nullstr = '', allow_quoted_nulls = false{form})""",
            given,
        )

    failures = []

    def work(database, kinds, files):
        try:
            insert(database, kinds, files)
        except Exception as error:
            failures.append(error)

    shares = shares_of(files, options.workers)
    threads = [threading.Thread(target=work, args=(*connected(), files)) for files in shares]
    print('ready', flush=True)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    print('done', flush=True)


if __name__ == '__main__':
    try:
        main()
    except Exception as error:
        sys.exit(f'{type(error).__name__}: {error}'.replace('\n', ' '))
