"""Loads CSV files by DuckDB's postgres extension. Talks in JSON, one object per line; connects by the PG* variables."""

import json
import sys
from pathlib import Path
from time import perf_counter

import duckdb
import duckdb_extension_postgres_scanner

extension = (
    Path(duckdb_extension_postgres_scanner.__file__).parent
    / 'extensions'
    / f'v{duckdb.__version__}'
    / 'postgres_scanner.duckdb_extension'
)


def main():
    job = json.loads(sys.stdin.readline())
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    connection.execute("ATTACH '' AS server (TYPE postgres)")
    print(json.dumps({'threads': connection.execute("SELECT current_setting('threads')").fetchone()[0]}), flush=True)
    for line in sys.stdin:
        json.loads(line)
        start = perf_counter()
        connection.execute(
            f"""INSERT INTO server.{job['schema']}.{job['table']}
                SELECT * FROM read_csv($files, header = true, delim = $delimiter, decimal_separator = $decimal,
                  timestampformat = $format, columns = {{'date': 'TIMESTAMP', 'delay': 'INTEGER', 'distance': 'DOUBLE',
                  'origin': 'VARCHAR', 'destination': 'VARCHAR'}})""",
            {name: job[name] for name in ('files', 'delimiter', 'decimal', 'format')},
        )
        print(json.dumps({'ms': (perf_counter() - start) * 1000}), flush=True)


if __name__ == '__main__':
    main()
