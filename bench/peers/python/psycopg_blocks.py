"""Sends blocks that are in memory, each a whole stream of COPY in binary, by psycopg 3: a thread a connection.

libpq leaves Python's lock while it waits for the socket. Connects by the PG* variables.
"""

import argparse
import json
import os
import sys
import threading
from pathlib import Path

import psycopg
from psycopg import sql


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('--workers', type=int, required=True)
    arguments.add_argument('--table', required=True, help='as SQL spells it')
    arguments.add_argument('--parts', type=Path, required=True, help='folder of 00000.bin, 00001.bin, …')
    options = arguments.parse_args()
    columns = sql.SQL(', ').join(map(sql.Identifier, json.loads(os.environ['COPYLAB_COLUMNS'])))
    copy = sql.SQL('COPY {} ({}) FROM STDIN (FORMAT binary)').format(sql.SQL(options.table), columns).as_bytes()
    blocks = [path.read_bytes() for path in sorted(options.parts.glob('*.bin'))]
    connections = [psycopg.connect(autocommit=True) for _ in range(options.workers)]
    queue = iter(blocks)
    failures = []

    def work(connection):
        try:
            for block in queue:
                if failures:
                    break
                with connection.cursor() as cursor, cursor.copy(copy) as stream:
                    stream.write(block)
        except Exception as error:
            failures.append(error)

    print('ready', flush=True)
    threads = [threading.Thread(target=work, args=(connection,)) for connection in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    print('done', flush=True)
    for connection in connections:
        connection.close()


if __name__ == '__main__':
    try:
        main()
    except Exception as error:
        sys.exit(f'{type(error).__name__}: {error}'.replace('\n', ' '))
