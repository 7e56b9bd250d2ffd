"""Loads CSV files with Arrow and ADBC: pyarrow reads the files, ADBC's PostgreSQL driver encodes and sends them.

All files are read into memory, then every worker (a thread with a connection of its own) ingests slices
of them, one COPY a batch. Both libraries leave Python's lock while they work.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / 'python'))
import trial

try:
    import adbc_driver_postgresql.dbapi as adbc
    import pyarrow as pa
    import pyarrow.csv
except ImportError:
    trial.skip('adbc-driver-postgresql or pyarrow', 'pip install -r examples/loaders/requirements.txt')

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
"""The Arrow type that the driver sends as the type of a column."""


def arrow_type(column, type_name, modifier):
    if type_name == 'numeric':
        # numeric(p, s) keeps its modifier as ((p << 16) | s) + 4. One without has no scale to give Arrow.
        if modifier >= 0:
            return pa.decimal128((modifier - 4) >> 16, (modifier - 4) & 0x7FF)
        return pa.decimal128(38, 10)
    if type_name not in TYPES:
        raise trial.LoadError(f'column {column}: expected numeric or one of {", ".join(TYPES)}, got {type_name}')
    return TYPES[type_name]


def fetch(connection, query, table):
    with connection.cursor() as cursor:
        cursor.execute(query, (table,))
        return cursor.fetchall()


def read(path, types):
    return pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=len(types) > 1),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=types,
            null_values=[''],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=['t', 'true'],
            false_values=['f', 'false'],
        ),
    )


def main():
    arguments = trial.parser()
    arguments.add_argument('--workers', type=trial.positive, required=True, help='threads with one connection each')
    options = arguments.parse_args()
    columns = trial.columns_of(options.files)
    # Whom to connect to is in the environment, as libpq reads it.
    connections = [adbc.connect('postgresql://', autocommit=True) for _ in range(options.workers)]
    [[schema, table]] = fetch(connections[0], trial.TABLE, options.table)
    found = {row[0]: row for row in fetch(connections[0], trial.COLUMN_TYPES, options.table)}
    for column in columns:
        if column not in found:
            raise trial.LoadError(f'column {column}: {options.table} has none of this name')
    types = {column: arrow_type(*found[column]) for column in columns}

    def ingest(connection, batch):
        with connection.cursor() as cursor:
            cursor.adbc_ingest(table, batch, mode='append', db_schema_name=schema)

    trial.say('ready')
    trial.check_quotes(options.files)
    records = pa.concat_tables(read(path, types) for path in options.files)
    batches = (records.slice(at, options.batch_size) for at in range(0, len(records), options.batch_size))
    trial.load_by_threads(connections, batches, ingest)
    trial.say('done')
    for connection in connections:
        connection.close()


if __name__ == '__main__':
    trial.run(main, (adbc.Error, pa.ArrowInvalid))
