"""Makes the files of this folder with the tools that others use: pip install pyarrow fastavro, then run it here.

The rows are those of `EXPECTED` in src/connectors/format/columnar/tests.rs, row by row in groups (stripes, blocks) of two.
"""

import datetime as d
from decimal import Decimal

import fastavro
import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq

NAMES = "b ti si i bi f d dec s by dt ts tz a m r".split()
ROWS = [
    [True, 1, 2, 3, 4, 1.5, 2.5, Decimal("12.34"), "João", b"\x01\xff", d.date(2024, 2, 29),
     d.datetime(2024, 2, 29, 12, 30, 1, 123000), d.datetime(2024, 2, 29, 12, 30, 1, 123000, d.timezone.utc),
     [1, None], [("k", 7)], {"x": 5, "y": "z"}],
    [None] * 16,
    [False, -128, -32768, -(2**31), -(2**63), -0.25, 1e300, Decimal("-99999999.99"), "", b"", d.date(1969, 12, 31),
     d.datetime(1969, 12, 31, 23, 59, 59, 999000), d.datetime(1969, 12, 31, 23, 59, 59, 999000, d.timezone.utc),
     [], [], {"x": None, "y": None}],
]
TYPES = [
    pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.float32(), pa.float64(), pa.decimal128(10, 2),
    pa.string(), pa.binary(), pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.list_(pa.int32()),
    pa.map_(pa.string(), pa.int32()), pa.struct([("x", pa.int32()), ("y", pa.string())]),
]
table = pa.table({n: pa.array([r[i] for r in ROWS], t) for i, (n, t) in enumerate(zip(NAMES, TYPES))})
pq.write_table(table, "pyarrow.parquet", row_group_size=2)
pq.write_table(table, "int96.parquet", row_group_size=2, use_deprecated_int96_timestamps=True, compression="gzip")
orc.write_table(table.select(["ts"]), "before-1970.orc", compression="zlib")
late = d.datetime(2001, 9, 9, 1, 46, 40, 999000)
for name, moment in [("ts", late), ("tz", late.replace(tzinfo=d.timezone.utc))]:
    at = NAMES.index(name)
    moments = pa.array([ROWS[0][at], None, moment], TYPES[at])
    table = table.set_column(at, name, moments)
orc.write_table(table, "pyarrow.orc", compression="zlib")

AVRO = [
    "boolean", "int", "int", "int", "long", "float", "double",
    {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}, "string", "bytes",
    {"type": "int", "logicalType": "date"}, {"type": "long", "logicalType": "timestamp-millis"},
    {"type": "long", "logicalType": "timestamp-micros"}, {"type": "array", "items": ["null", "int"]},
    {"type": "map", "values": ["null", "int"]},
    {"type": "record", "name": "r", "fields": [{"name": "x", "type": ["null", "int"]}, {"name": "y", "type": ["null", "string"]}]},
]
schema = {"type": "record", "name": "row", "fields": [{"name": n, "type": ["null", t]} for n, t in zip(NAMES, AVRO)]}


def rows():
    for row in ROWS:
        values = dict(zip(NAMES, row))
        if values["ts"]:
            values["ts"] = values["ts"].replace(tzinfo=d.timezone.utc)
        if values["m"] is not None:
            values["m"] = dict(values["m"])
        yield values


for codec in ["null", "deflate", "snappy"]:
    try:
        with open(f"fastavro-{codec}.avro", "wb") as file:
            fastavro.writer(file, schema, rows(), codec=codec, sync_interval=1)
    except ValueError as reason:
        print(codec, reason)
