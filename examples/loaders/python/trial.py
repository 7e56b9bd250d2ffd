"""What the Python loaders of this folder have in common: a trial's arguments, its CSV files, its workers.

The files are CSV in UTF-8 with a header line. An empty field without quotes is NULL and `""` is the
empty string, which `csv` alone does not tell apart in Python 3.11.
"""

import argparse
import csv
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

csv.field_size_limit(2**31 - 1)

FIELD = re.compile(r'("(?:[^"]|"")*"|[^,\r\n]*)(?:,|\r?\n|\r|\Z)')

TABLE = """
    SELECT n.nspname::text, c.relname::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $1::text::regclass
"""
"""The schema and the name, without quotes, of the table that `$1` spells as SQL does."""

COLUMN_TYPES = """
    SELECT a.attname::text, t.typname::text, a.atttypmod
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""
"""Each column of that table: its name, its type's name (`int8`, `timestamptz`) and the type's modifier."""


class LoadError(Exception):
    """A reason not to go on, said to the user without a traceback."""


def skip(missing, remedy):
    """Ends the program as one that cannot run here: exit code 77, and the reason on stderr."""
    print(f'{missing} is missing: {remedy}', file=sys.stderr)
    sys.exit(77)


if sys.version_info < (3, 11):
    skip('Python 3.11 or later', f'this is {sys.version.split()[0]}; name a later one in the command')


def parser():
    """The arguments that every loader takes, but for the number of workers."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--batch-size', type=positive, required=True, help='records of one transaction')
    arguments.add_argument('--table', required=True, help='as SQL spells it, such as "my schema".records')
    arguments.add_argument('files', nargs='+', help='CSV files with the same header line')
    return arguments


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def run(program, errors):
    """Runs a program; a LoadError, one of `errors` or a file that cannot be read ends it with exit code 1."""
    try:
        program()
    except (LoadError, OSError, UnicodeDecodeError, csv.Error, *errors) as error:
        print(f'{type(error).__name__}: {error}', file=sys.stderr)
        sys.exit(1)


def say(word):
    """Tells copylab `ready` or `done`."""
    print(word, flush=True)


def columns_of(files):
    """The names in the header line, which has to be the same one in all files."""
    headers = {}
    for path in files:
        with open(path, newline='', encoding='utf-8') as file:
            headers[path] = next(csv.reader(file, strict=True), [])
    first = headers[files[0]]
    for path, header in headers.items():
        if header != first:
            raise LoadError(f'{path}: expected the columns of {files[0]} ({", ".join(first)}), got {", ".join(header)}')
    return first


def check_quotes(files):
    """Refuses a file that ends within quotes, for readers that take or leave its last record without a word."""
    for path in files:
        with open(path, 'rb') as file:
            if sum(block.count(b'"') for block in iter(lambda: file.read(2**20), b'')) % 2:
                raise open_quote(path)


def open_quote(path):
    return LoadError(f'{path}: a quote is still open where the file ends')


def record_texts(files):
    """The text of each record of all files, ended by a line feed: lines, joined while a quote is open."""
    for path in files:
        with open(path, newline='', encoding='utf-8') as file:
            yield from islice(whole_records(file, path), 1, None)


def whole_records(lines, path):
    parts = []
    is_open = False
    for line in lines:
        if line.count('"') % 2:
            is_open = not is_open
        parts.append(line)
        if not is_open:
            yield ''.join(parts).rstrip('\r\n') + '\n'
            parts = []
    if parts:
        raise open_quote(path)


def records(files, width):
    """The fields of each record of all files: strings, and None for NULL."""
    text = ''

    def remembered():
        nonlocal text
        for text in record_texts(files):
            yield text

    for number, fields in enumerate(csv.reader(remembered(), strict=True), start=1):
        if len(fields) != width:
            # An empty line is a record only where it is one NULL.
            if fields or width != 1:
                raise LoadError(f'record {number} of all files: expected {width} fields, got {len(fields)}')
            fields = ['']
        if '' in fields:
            spelled = FIELD.findall(text) if '""' in text else fields
            fields = [None if spelling == '' else field for field, spelling in zip(fields, spelled)]
        yield fields


def batches_of(items, size):
    """Lists of `size` items; the last one may be shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


class Shared:
    """An iterator that several threads draw from, and that is at its end once one of them failed."""

    def __init__(self, items):
        self.iterator = iter(items)
        self.lock = threading.Lock()
        self.failed = False

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            if self.failed:
                raise StopIteration
            return next(self.iterator)


def load_by_threads(connections, batches, load):
    """Calls `load(connection, batch)` for every batch, with one thread a connection; raises the first error."""
    shared = Shared(batches)

    def work(connection):
        try:
            for batch in shared:
                load(connection, batch)
        except BaseException:
            shared.failed = True
            raise

    with ThreadPoolExecutor(len(connections)) as pool:
        for result in [pool.submit(work, connection) for connection in connections]:
            result.result()
