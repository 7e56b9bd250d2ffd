"""Loads what is in memory by psycopg's COPY. Talks in JSON, one object per line; connects by the PG* variables."""

import gc
import json
import multiprocessing
import sys
import threading
from pathlib import Path
from time import perf_counter

import psycopg

from rows import read_batches

fork = multiprocessing.get_context('fork')


def copy_rows(connection, job, batch):
    """Encodes tuples in binary, row by row."""
    columns = ', '.join(job['columns'])
    statement = f"COPY {job['schema']}.{job['table']} ({columns}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(job['types'])
        for row in batch:
            copy.write_row(row)


def copy_block(connection, job, block, encoding):
    """Sends a batch that is encoded already."""
    columns = ', '.join(job['columns'])
    statement = f"COPY {job['schema']}.{job['table']} ({columns}) FROM STDIN (FORMAT {encoding})"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(block)


def load_by_processes(batches, job, workers):
    """Each process has one connection and takes the next batch as soon as its last one is in. Returns milliseconds."""
    following = fork.Value('i', 0)
    together = fork.Barrier(workers + 1)
    begin = fork.Event()

    def work():
        try:
            with psycopg.connect(autocommit=True) as connection:
                together.wait()
                begin.wait()
                while True:
                    with following.get_lock():
                        at = following.value
                        following.value += 1
                    if at >= len(batches):
                        break
                    copy_rows(connection, job, batches[at])
                together.wait()
        except BaseException:
            # Nobody waits for a process that is gone.
            together.abort()
            raise

    processes = [fork.Process(target=work, daemon=True) for _ in range(workers)]
    for process in processes:
        process.start()
    together.wait()
    start = perf_counter()
    begin.set()
    together.wait()
    elapsed = perf_counter() - start
    for process in processes:
        process.join()
    return elapsed * 1000


def load_by_threads(blocks, encoding, job, workers):
    """Each thread has one connection and takes the next block as soon as its last one is in. Returns milliseconds."""
    connections = [psycopg.connect(autocommit=True) for _ in range(workers)]
    queue = iter(blocks)
    failures = []

    def work(connection):
        try:
            for block in queue:
                copy_block(connection, job, block, encoding)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(connection,)) for connection in connections]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = perf_counter() - start
    for connection in connections:
        connection.close()
    if failures:
        raise failures[0]
    return elapsed * 1000


def main():
    job = json.loads(sys.stdin.readline())
    batches = read_batches(job['csv'], job['types'])
    blocks = {encoding: [Path(path).read_bytes() for path in job[encoding]] for encoding in ('text', 'binary')}
    forms = {
        'binary rows by processes': lambda workers: load_by_processes(batches, job, workers),
        'ready-made text blocks by threads': lambda workers: load_by_threads(blocks['text'], 'text', job, workers),
        'ready-made binary blocks by threads': lambda workers: load_by_threads(blocks['binary'], 'binary', job, workers),
    }
    # Without this, every full collection inside the clock would walk through all records.
    gc.freeze()
    print(json.dumps({'batches': len(batches)}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({'ms': forms[request['form']](request['workers'])}), flush=True)


if __name__ == '__main__':
    main()
