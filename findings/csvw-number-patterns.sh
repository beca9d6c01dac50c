#!/usr/bin/env bash
# csvw 4.1.1: the number pattern "000000" refuses codes with leading zeros, and "#,##0.00" works for decimal but not
# for number.
# Expected: CSV on the Web, "Model for Tabular Data and Metadata", 6.4.2, and the number patterns of Unicode TR 35: 0
# asks for at least that many digits, so "000000" takes "012345"; number is a name of double, to which the same
# formats apply.
# Seen: "012345" is an error and "110105" is none; "1,234.50" with "#,##0.00" is 1234.50 as a decimal and an error as
# a number.
# Matters: codes of places, postcodes and subject codes have fixed digits and zeros in front: right tables are called
# invalid.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q csvw==4.1.1
venv/bin/python - > seen <<'END'
import csvw

CELLS = [
    ("integer", "000000", "110105"),
    ("integer", "000000", "012345"),
    ("decimal", "#,##0.00", "1,234.50"),
    ("number", "#,##0.00", "1,234.50"),
]
for base, pattern, cell in CELLS:
    datatype = csvw.Datatype.fromvalue({"base": base, "format": pattern})
    try:
        print(base, pattern, cell, "|", datatype.read(cell))
    except ValueError as error:
        print(base, pattern, cell, "| ValueError:", error)
END
diff - seen <<'END'
integer 000000 110105 | 110105
integer 000000 012345 | ValueError: Invalid value "012345" for decimal with pattern "000000"
decimal #,##0.00 1,234.50 | 1234.50
number #,##0.00 1,234.50 | ValueError: invalid lexical value for float: 1,234.50
END
echo "as seen on 2026-11-30"
