"""The rows that the files of this folder hold; in Rust they are in src/connectors/format/columnar/."""

import datetime as d
from decimal import Decimal

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
# ORC has no form for the last second before 1970.
LATE = d.datetime(2001, 9, 9, 1, 46, 40, 999000)
