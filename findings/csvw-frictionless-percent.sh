#!/usr/bin/env bash
# csvw 4.1.1 and frictionless 5.21.0: the cell "12.5%" is 0.125 by CSV on the Web and 12.5 by Table Schema.
# Expected by a publisher who describes one file with both: one number. CSV on the Web (Model, 6.4.2: with a percent
# sign the number is divided by 100) and Table Schema (number, bareNumber: leading and trailing characters are
# stripped) each say otherwise.
# Seen: 0.125 and 0.0125 (per mille) in csvw, 12.5 and 12.5 in frictionless. Neither warns; frictionless also reads
# "1,234.50万" (万: ten thousand) as 1234.50.
# Matters: shares in statistical tables have the sign; two users of one published table compute with numbers 100 times
# apart.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q csvw==4.1.1 frictionless==5.21.0
venv/bin/python - > seen <<'END'
import csvw
import frictionless

field = frictionless.Field.from_descriptor({"name": "x", "type": "number", "bareNumber": False, "groupChar": ","})
datatype = csvw.Datatype.fromvalue({"base": "decimal", "format": {"groupChar": ",", "decimalChar": "."}})
for cell in ("12.5%", "12.5‰", "1,234.50", "1,234.50万"):
    try:
        value = datatype.read(cell)
    except ValueError:
        value = "ValueError"
    print(cell, "| csvw", value, "| frictionless", field.read_cell(cell)[0])
END
diff - seen <<'END'
12.5% | csvw 0.125 | frictionless 12.5
12.5‰ | csvw 0.0125 | frictionless 12.5
1,234.50 | csvw 1234.50 | frictionless 1234.50
1,234.50万 | csvw ValueError | frictionless 1234.50
END
echo "as seen on 2026-11-30"
