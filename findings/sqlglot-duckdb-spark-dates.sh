#!/usr/bin/env bash
# sqlglot 30.30.0, DuckDB 2.0.1 to Spark 4.0.5: months between two days, days of the week and days of the year are
# translated into functions of the same name that count otherwise, without a warning.
# Expected: the same values, or an UnsupportedError (sqlglot's unsupported_level=RAISE is set here). DuckDB documents
# date_diff as the number of boundaries that are crossed, weekday from Sunday 0; Spark documents DATEDIFF(MONTH, …) as
# whole months, weekday from Monday 0, dayofweek from Sunday 1, and D of a date pattern as the day without zeros unless
# there are three letters.
# Seen: from 31 December 2022 to 1 January 2023 is a month, a quarter and a year in DuckDB, none in Spark; a Saturday is
# 6 and 6 there, 5 and 7 here; the second day of a year is 002 there, 02 here.
# Matters: mandates that change at a year's end, compared by year on two engines, differ by one.
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
EVE, NEW_YEAR = "DATE '2022-12-31'", "DATE '2023-01-01'"
ASKED = [
    *(f"date_diff('{unit}', {EVE}, {NEW_YEAR})" for unit in ("month", "quarter", "year", "day")),
    *(f"{function}({EVE})" for function in ("weekday", "dayofweek", "last_day")),
    "strftime(DATE '2022-01-02', '%j')",
]
for asked in ASKED:
    (sql,) = sqlglot.transpile(
        f"SELECT {asked}", read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    print(asked, "| DuckDB", duckdb.sql(f"SELECT {asked}").fetchall()[0][0], "| Spark", spark.sql(sql).collect()[0][0])
spark.stop()
END
diff - seen <<'END'
date_diff('month', DATE '2022-12-31', DATE '2023-01-01') | DuckDB 1 | Spark 0
date_diff('quarter', DATE '2022-12-31', DATE '2023-01-01') | DuckDB 1 | Spark 0
date_diff('year', DATE '2022-12-31', DATE '2023-01-01') | DuckDB 1 | Spark 0
date_diff('day', DATE '2022-12-31', DATE '2023-01-01') | DuckDB 1 | Spark 1
weekday(DATE '2022-12-31') | DuckDB 6 | Spark 5
dayofweek(DATE '2022-12-31') | DuckDB 6 | Spark 7
last_day(DATE '2022-12-31') | DuckDB 2022-12-31 | Spark 2022-12-31
strftime(DATE '2022-01-02', '%j') | DuckDB 002 | Spark 02
END
echo "as seen on 2026-11-30"
