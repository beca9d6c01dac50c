#!/usr/bin/env bash
# maplib 0.20.26: a decimal with many digits becomes another number, ten times smaller. Seen 2026-11-30.
# Expected: XSD 1.1, section 3.3.3: xsd:decimal is exact; a store that cannot hold a value says so.
# Seen: written back as N-Triples, the decimal point has moved, without an error; short ones are right.
# Why it matters: sums of money in yuan with fen and exact shares; nobody reads such figures again by eye.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check maplib==0.20.26

cat > "$folder/run.py" <<'PYTHON'
import maplib

XSD = "http://www.w3.org/2001/XMLSchema#"


def loaded(kind, values):
    model = maplib.Model()
    lines = [f'<http://example.org/a{n}> <http://example.org/p> "{v}"^^<{XSD}{kind}> .\n' for n, v in enumerate(values)]
    model.reads("".join(lines), format="ntriples")
    return model


for value in ("12.5", "123456789.123456789", "12345678901.123456789", "123456789012345678.123456789", "0.1234567890123456789"):
    print(value, loaded("decimal", [value]).writes(format="ntriples").split('"')[1])
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "maplib-decimals: the behaviour has changed" >&2; exit 1; }
12.5 12.5
123456789.123456789 123456789.123456789
12345678901.123456789 12345678901.123456789
123456789012345678.123456789 12345678901234567.8123456789
0.1234567890123456789 0.123456789012
SEEN
echo "maplib-decimals: as seen"
