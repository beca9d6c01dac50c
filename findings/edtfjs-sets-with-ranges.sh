#!/usr/bin/env bash
# edtf.js 4.11.1: a set or list that ends in a range ends with the first date of that range.
# Expected: EDTF, level 2, "Set representation" (ISO 8601-2:2019): in [1984,1990..1992] ".." means all years from 1990 to 1992; the
# members may stand in any order. Its documentation: min and max are the least and greatest value, and a date is covered
# if it lies between them.
# Seen: the max of [1990..1992] is the end of 1990; 1991 and 1992 are not covered, although the iteration yields them.
# {1990,1985} has a min of 1990 and a max of 1985, and covers neither. edtf 5.0.2 for Python has the years asked for.
# Matters: "one of the years 1990 to 1992" sorts and filters as 1990; records drop out of every search for 1992.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q edtf==5.0.2
npm install --silent --no-save --no-fund --no-audit edtf@4.11.1
cat > run.mjs <<'END'
import edtf from "edtf";
const year = (time) => new Date(time).getUTCFullYear();
for (const text of ["[1990..1992]", "{1984,1990..1992}", "{1990,1985}"]) {
  const dates = edtf(text), covered = ["1985", "1990", "1992"].filter((date) => dates.covers(edtf(date)));
  console.log("edtf.js", text, year(dates.min), year(dates.max), "covers", covered.join(" ") || "none", "| members", [...dates].map(String).join(" "));
}
END
cat > run.py <<'END'
from edtf import parse_edtf

for text in ("[1990..1992]", "{1984,1990..1992}", "{1990,1985}"):
    dates = parse_edtf(text)
    print("edtf for Python", text, dates.lower_strict().tm_year, dates.upper_strict().tm_year)
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
edtf.js [1990..1992] 1990 1990 covers 1990 | members 1990 1991 1992
edtf.js {1984,1990..1992} 1984 1990 covers 1985 1990 | members 1984 1990 1991 1992
edtf.js {1990,1985} 1990 1985 covers none | members 1990 1985
edtf for Python [1990..1992] 1990 1992
edtf for Python {1984,1990..1992} 1984 1992
edtf for Python {1990,1985} 1985 1990
END
echo "as seen on 2026-12-01"
