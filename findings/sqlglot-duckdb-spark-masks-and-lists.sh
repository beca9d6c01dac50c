#!/usr/bin/env bash
# sqlglot 30.30.0, DuckDB 2.0.1 to Spark 4.0.5: set bits of a negative mask, a shift beyond the width, distinct values
# of a list with a null, logarithms and trimmed names come out otherwise, without a warning.
# Expected: the same values, or an UnsupportedError (sqlglot's unsupported_level=RAISE is set here). DuckDB documents
# bit_count over the width of its type, list_distinct without nulls, log to the base 10, and trim of white space; Spark
# documents bit_count over 64 bits, log as the natural one, and trim of the space character alone.
# Seen: all bits set are 32 or 8 in DuckDB, always 64 in Spark; 1 << 40 is an error there, 256 here; a null is one value
# more; log(100) is 2 there, 4.6 here; the ideographic space of a Chinese table stays around a name.
# Matters: counts over bit masks of counties or fields, and joins by trimmed names, differ between two engines that are
# to check each other.
# Seen on 2026-11-30. Needs Java 17.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q duckdb==2.0.1 pyspark==4.0.5 sqlglot==30.30.0
venv/bin/python -W ignore - > seen 2> told <<'END' || { cat told; exit 1; }
import duckdb
import sqlglot
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
ASKED = [
    "bit_count(5)", "bit_count(-1)", "bit_count(CAST(-1 AS TINYINT))", "1 << 40", "CAST(1 AS BIGINT) << 40",
    "list_distinct([1, NULL, 1])", "round(log(100), 3)", "length(trim('　昆山　'))", "length(trim(' 昆山 '))",
]


def on_duckdb(asked: str) -> object:
    try:
        return duckdb.sql(f"SELECT {asked}").fetchall()[0][0]
    except duckdb.Error as error:
        return type(error).__name__


for asked in ASKED:
    (sql,) = sqlglot.transpile(
        f"SELECT {asked}", read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    print(asked, "| DuckDB", on_duckdb(asked), "| Spark", spark.sql(sql).collect()[0][0])
spark.stop()
END
diff - seen <<'END'
bit_count(5) | DuckDB 2 | Spark 2
bit_count(-1) | DuckDB 32 | Spark 64
bit_count(CAST(-1 AS TINYINT)) | DuckDB 8 | Spark 64
1 << 40 | DuckDB OutOfRangeException | Spark 256
CAST(1 AS BIGINT) << 40 | DuckDB 1099511627776 | Spark 1099511627776
list_distinct([1, NULL, 1]) | DuckDB [1] | Spark [1, None]
round(log(100), 3) | DuckDB 2.0 | Spark 4.605
length(trim('　昆山　')) | DuckDB 2 | Spark 4
length(trim(' 昆山 ')) | DuckDB 2 | Spark 2
END
echo "as seen on 2026-11-30"
