"""Loads tuples that are in memory by asyncpg's binary COPY. Talks in JSON, one object per line; connects by the PG* variables."""

import asyncio
import gc
import json
import sys
from time import perf_counter

import asyncpg
import uvloop

from rows import read_batches


async def load(batches, job, workers):
    """Each connection takes the next batch as soon as its last one is in. Returns milliseconds."""
    async with asyncpg.create_pool(min_size=workers, max_size=workers) as pool:
        connections = [await pool.acquire() for _ in range(workers)]
        queue = iter(batches)

        async def work(connection):
            for batch in queue:
                await connection.copy_records_to_table(
                    job['table'], schema_name=job['schema'], columns=job['columns'], records=batch
                )

        start = perf_counter()
        await asyncio.gather(*(work(connection) for connection in connections))
        elapsed = perf_counter() - start
        for connection in connections:
            await pool.release(connection)
    return elapsed * 1000


def main():
    job = json.loads(sys.stdin.readline())
    batches = read_batches(job['csv'], job['types'])
    # Without this, every full collection inside the clock would walk through all records.
    gc.freeze()
    print(json.dumps({'batches': len(batches)}), flush=True)
    runners = {'asyncio': asyncio.run, 'uvloop': uvloop.run}
    for line in sys.stdin:
        request = json.loads(line)
        ms = runners[request['loop']](load(batches, job, request['workers']))
        print(json.dumps({'ms': ms}), flush=True)


if __name__ == '__main__':
    main()
