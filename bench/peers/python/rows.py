"""The table's rows as Python holds them: tuples of int, str, float and datetime."""

import csv
from datetime import datetime

BATCH_SIZE = 10_000

CONVERTERS = {
    'int2': int,
    'int4': int,
    'int8': int,
    'float8': float,
    'text': str,
    'timestamp': datetime.fromisoformat,
}


def read_batches(path, types):
    """All rows of a CSV file without a header, in batches of 10,000."""
    converters = [CONVERTERS[name] for name in types]
    with open(path, newline='', encoding='utf-8') as file:
        rows = [
            tuple(convert(text) for convert, text in zip(converters, fields))
            for fields in csv.reader(file)
        ]
    return [rows[at : at + BATCH_SIZE] for at in range(0, len(rows), BATCH_SIZE)]
