"""Loads CSV files by Arrow and ADBC. Talks in JSON, one object per line; connects by the PG* variables."""

import json
import multiprocessing
import signal
import sys
from time import perf_counter

import adbc_driver_postgresql.dbapi
import pyarrow as pa
import pyarrow.csv

spawn = multiprocessing.get_context('spawn')

TYPES = {
    'date': pa.timestamp('us'),
    'delay': pa.int32(),
    'distance': pa.float64(),
    'origin': pa.string(),
    'destination': pa.string(),
}


def work(job, following, together, begin):
    """One connection, which takes the next file as soon as its last one is in."""
    try:
        with adbc_driver_postgresql.dbapi.connect('postgresql://', autocommit=True) as connection, connection.cursor() as cursor:
            parse = pyarrow.csv.ParseOptions(delimiter=job['delimiter'])
            convert = pyarrow.csv.ConvertOptions(
                column_types=TYPES, timestamp_parsers=[job['format']], decimal_point=job['decimal']
            )
            together.wait()
            for _ in iter(begin.get, None):
                while True:
                    with following.get_lock():
                        at = following.value
                        following.value += 1
                    if at >= len(job['files']):
                        break
                    reader = pyarrow.csv.open_csv(job['files'][at], parse_options=parse, convert_options=convert)
                    cursor.adbc_ingest(job['table'], reader, mode='append', db_schema_name=job['schema'])
                together.wait()
    except BaseException:
        # Nobody waits for a process that is gone.
        together.abort()
        raise


def main():
    # Ended in order, it ends its processes too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    job = json.loads(sys.stdin.readline())
    print(json.dumps({}), flush=True)
    teams = {}
    for line in sys.stdin:
        workers = json.loads(line)['workers']
        if workers not in teams:
            shared = (spawn.Value('i', 0), spawn.Barrier(workers + 1), spawn.Queue())
            processes = [spawn.Process(target=work, args=(job, *shared), daemon=True) for _ in range(workers)]
            for process in processes:
                process.start()
            shared[1].wait()
            teams[workers] = (*shared, processes)
        following, together, begin, _ = teams[workers]
        following.value = 0
        start = perf_counter()
        for _ in range(workers):
            begin.put(True)
        together.wait()
        print(json.dumps({'ms': (perf_counter() - start) * 1000}), flush=True)


if __name__ == '__main__':
    main()
