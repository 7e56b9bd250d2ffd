"""Loads CSV files with psycopg 3: the server parses the records, Python only finds where they end.

Workers are threads. What costs time here is waiting for the server and for its socket, during which
libpq lets other threads run; rows made in Python (`copy.write_row`) would need processes instead, to
spend more than one core on converting and encoding.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / 'python'))
import trial

try:
    import psycopg
    from psycopg import sql
except ImportError:
    trial.skip('psycopg 3', 'pip install -r examples/loaders/requirements.txt')


def main():
    arguments = trial.parser()
    arguments.add_argument('--workers', type=trial.positive, required=True, help='threads with one connection each')
    options = arguments.parse_args()
    columns = trial.columns_of(options.files)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ENCODING 'UTF8')").format(
        sql.SQL(options.table), sql.SQL(', ').join(map(sql.Identifier, columns))
    )

    def copy(connection, batch):
        with connection.cursor() as cursor, cursor.copy(statement) as stream:
            stream.write(''.join(batch).encode())

    connections = [psycopg.connect(autocommit=True) for _ in range(options.workers)]
    trial.say('ready')
    batches = trial.batches_of(trial.record_texts(options.files), options.batch_size)
    trial.load_by_threads(connections, batches, copy)
    trial.say('done')


if __name__ == '__main__':
    trial.run(main, (psycopg.Error,))
