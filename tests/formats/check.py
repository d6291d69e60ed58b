"""Reads what we wrote (riacho-*) with the tools that others use: pip install pyarrow fastavro, then run it here.

`cargo test` holds what we write to the bytes of these files; this holds the files to their rows.
"""

import datetime as d
import glob

import fastavro
import pyarrow.orc as orc
import pyarrow.parquet as pq

from rows import LATE, NAMES, ROWS


def expected(moment_names):
    """The rows, with all moments as those of the last row are written."""
    for row in ROWS:
        values = dict(zip(NAMES, row))
        if row is ROWS[-1]:
            values["ts"] = LATE
            values["tz"] = LATE.replace(tzinfo=d.timezone.utc)
        yield {name: plain(values[name]) for name in moment_names}


def plain(value):
    """Maps are pairs to one tool and dictionaries to the other; moments without a zone get one from Avro."""
    if isinstance(value, dict):
        return sorted(value.items())
    if isinstance(value, d.datetime):
        return value.replace(tzinfo=None)
    return value


def read(name):
    if name.endswith(".avro"):
        with open(name, "rb") as file:
            return list(fastavro.reader(file))
    return (orc if name.endswith(".orc") else pq).read_table(name).to_pylist()


files = sorted(glob.glob("riacho-*"))
assert len(files) == 12, files
for name in files:
    rows = [{name: plain(value) for name, value in row.items()} for row in read(name)]
    wanted = list(expected(rows[0]))
    assert rows == wanted, f"{name}:\n{rows}\n{wanted}"
    assert len(rows[0]) == (15 if name.endswith(".avro") else 16), name
    print(name, len(rows), "rows of", len(rows[0]), "columns")
