"""Loads CSV files with DuckDB and its postgres extension.

DuckDB reads all files into a table of its own (in memory, fields as text), then every worker inserts
ranges of its rows into the attached PostgreSQL table: one INSERT … SELECT a batch, which the extension
sends as COPY. Each worker is a thread with a cursor of its own, and so a connection of its own.
"""

import importlib.util
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / 'python'))
import trial

REMEDY = 'pip install -r examples/loaders/requirements.txt'

try:
    import duckdb
except ImportError:
    trial.skip('duckdb', REMEDY)

package = importlib.util.find_spec('duckdb_extension_postgres_scanner')
if package is None:
    trial.skip("DuckDB's postgres extension as a package", REMEDY)
EXTENSION = Path(package.origin).parent / 'extensions' / f'v{duckdb.__version__}' / 'postgres_scanner.duckdb_extension'
if not EXTENSION.exists():
    trial.skip(f"DuckDB's postgres extension for DuckDB {duckdb.__version__}", REMEDY)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def refuse_long_numbers(database, column):
    """A double keeps 15 digits of any number; more of them would be rounded without a word."""
    long = database.execute(
        f"""SELECT {quoted(column)} FROM records
            WHERE length(regexp_replace(regexp_replace({quoted(column)}, '[eE].*$', ''), '[^0-9]', '', 'g')) > 15"""
    ).fetchone()
    if long:
        raise trial.LoadError(f'column {column}: DuckDB would round {long[0]} to a double; give the numeric a precision')


def main():
    arguments = trial.parser()
    arguments.add_argument('--workers', type=trial.positive, required=True, help='threads with one connection each')
    options = arguments.parse_args()
    columns = trial.columns_of(options.files)
    names = ', '.join(map(quoted, columns))

    database = duckdb.connect()
    database.execute(f"LOAD '{EXTENSION}'")
    database.execute(f'SET pg_pool_max_connections = {options.workers}')
    # Whom to connect to is in the environment, as libpq reads it.
    database.execute("ATTACH '' AS server (TYPE postgres)")

    def ask(query):
        """Rows of a query that the server answers, with the table for `$1`."""
        text = query.replace('$1', "'" + options.table.replace("'", "''") + "'")
        return database.execute('FROM postgres_query(?, ?)', ['server', text]).fetchall()

    [[schema, table]] = ask(trial.TABLE)
    target = f'server.{quoted(schema)}.{quoted(table)}'

    def insert(connection, first):
        connection.execute(
            f'INSERT INTO {target} ({names}) SELECT {names} FROM records WHERE rowid BETWEEN ? AND ?',
            [first, first + options.batch_size - 1],
        )

    # A time without an offset is taken as the server takes it.
    [[zone]] = ask("SELECT current_setting('TimeZone')")
    database.execute('SET GLOBAL TimeZone = ?', [zone])
    # DuckDB makes a double of a numeric that has no precision, or one above 38.
    kinds = {name: kind for name, kind, *_ in database.execute(f'DESCRIBE SELECT {names} FROM {target}').fetchall()}
    rounded = [
        name for name, type_name, _ in ask(trial.COLUMN_TYPES) if (type_name, kinds.get(name)) == ('numeric', 'DOUBLE')
    ]

    connections = [database.cursor() for _ in range(options.workers)]
    # Transactions that are open together make the extension connect once for each.
    for connection in connections:
        connection.begin().execute(f'SELECT 1 FROM {target} LIMIT 0')
    for connection in connections:
        connection.rollback()
    trial.say('ready')
    trial.check_quotes(options.files)
    database.execute(
        """CREATE TABLE records AS FROM read_csv(?, header = true, auto_detect = false, columns = ?, parallel = false,
           delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)""",
        [options.files, {column: 'VARCHAR' for column in columns}],
    )
    for column in rounded:
        refuse_long_numbers(database, column)
    [[count]] = database.execute('SELECT count(*) FROM records').fetchall()
    trial.load_by_threads(connections, range(0, count, options.batch_size), insert)
    trial.say('done')


if __name__ == '__main__':
    trial.run(main, (duckdb.Error,))
