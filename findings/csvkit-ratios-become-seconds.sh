#!/usr/bin/env bash
# csvkit 2.2.0 (agate 1.14.2): a ratio such as 1:18 becomes 78 seconds, a fraction 1/2 the 2nd of January 2001, 6S six seconds.
# Expected: csvjson, csvlook and csvsort are for looking at, sorting and converting a table; the value of a cell stays what the
# file says. Types are guessed only where all cells of a column are such values.
# Seen: a column of ratios is taken for durations, one of fractions or of parts "1-2" for dates of the year 2001,
# one of 5S and 6S (a way of keeping order in factories) for durations. --no-inference turns it off.
# Matters: teachers to students, shares and scales of maps come out as times and dates in the JSON made of a published table,
# without a warning.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q csvkit==2.2.0 agate==1.14.2
printf '学校,师生比,份额,栏目,管理\n甲,1:18,1/2,1-2,6S\n乙,1:20,3/4,3-4,5S\n' > table.csv
{ venv/bin/csvjson table.csv; echo; venv/bin/csvjson --no-inference table.csv; echo; } > seen
diff - seen <<'END'
[{"学校": "甲", "师生比": "0:01:18", "份额": "2001-01-02", "栏目": "2001-01-02", "管理": "0:00:06"}, {"学校": "乙", "师生比": "0:01:20", "份额": "2001-03-04", "栏目": "2001-03-04", "管理": "0:00:05"}]
[{"学校": "甲", "师生比": "1:18", "份额": "1/2", "栏目": "1-2", "管理": "6S"}, {"学校": "乙", "师生比": "1:20", "份额": "3/4", "栏目": "3-4", "管理": "5S"}]
END
echo "as seen on 2026-12-01"
