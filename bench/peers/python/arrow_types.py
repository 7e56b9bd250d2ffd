"""Arrow types for the columns of a server's table, as the peers that read CSV files by pyarrow need them."""

import pyarrow as pa
import pyarrow.csv

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

TABLE = """
    SELECT n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $1::text::regclass
"""
COLUMN_TYPES = """
    SELECT a.attname::text, t.typname::text, a.atttypmod FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""


def arrow_type(column, name, modifier):
    if name == 'numeric' and modifier >= 0:
        # The modifier of numeric(p, s) is ((p << 16) | s) + 4.
        return pa.decimal128((modifier - 4) >> 16, (modifier - 4) & 0x7FF)
    if name not in TYPES:
        raise TypeError(f'column {column}: no Arrow type for {name}')
    return TYPES[name]


def column_types(columns, found):
    """The Arrow types of the columns that are filled; `found` are the rows of COLUMN_TYPES."""
    return {name: arrow_type(name, kind, modifier) for name, kind, modifier in found if name in columns}


def convert_options(columns, kinds, **more):
    """An empty field is NULL and "" the empty string."""
    return pyarrow.csv.ConvertOptions(
        column_types=kinds,
        include_columns=columns,
        null_values=[''],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=['t', 'true'],
        false_values=['f', 'false'],
        **more,
    )
