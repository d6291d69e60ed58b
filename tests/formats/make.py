"""Makes the files of this folder with the tools that others use: pip install pyarrow fastavro, then run it here.

The rows are those of rows.py, in groups (stripes, blocks) of two.
"""

import datetime as d

import fastavro
import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq

from rows import LATE, NAMES, ROWS

TYPES = [
    pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.float32(), pa.float64(), pa.decimal128(10, 2),
    pa.string(), pa.binary(), pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.list_(pa.int32()),
    pa.map_(pa.string(), pa.int32()), pa.struct([("x", pa.int32()), ("y", pa.string())]),
]
table = pa.table({n: pa.array([r[i] for r in ROWS], t) for i, (n, t) in enumerate(zip(NAMES, TYPES))})
pq.write_table(table, "pyarrow.parquet", row_group_size=2)
pq.write_table(table, "int96.parquet", row_group_size=2, use_deprecated_int96_timestamps=True, compression="gzip")
orc.write_table(table.select(["ts"]), "before-1970.orc", compression="zlib")
for name, moment in [("ts", LATE), ("tz", LATE.replace(tzinfo=d.timezone.utc))]:
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
