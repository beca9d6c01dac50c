#!/usr/bin/env bash
# pySHACL 0.40.1: sh:datatype accepts numbers that only Python can read. Seen 2026-11-30.
# Expected: SHACL, section 4.1.2: an ill-typed literal violates sh:datatype. XSD 1.1, sections 3.3.3 and 3.4.13: decimal and
# integer are ASCII digits with a sign and (decimal) a point: no exponent, no NaN, no underscore, no other digits.
# Seen: rdflib 7.6.0 tests by Python's int, float and Decimal, which read full-width digits, 1_000 and 1e3.
# Why it matters: cells of Chinese tables hold full-width digits; they pass validation here and are rejected
# by a store that keeps to the type (pyoxigraph 0.5.13 compares them as no numbers, last column).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyshacl==0.40.1 rdflib==7.6.0 pyoxigraph==0.5.13

cat > "$folder/run.py" <<'PYTHON'
import pyoxigraph
import rdflib
import pyshacl

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """


def conforms(data, constraint):
    shape = f"ex:s a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."
    graphs = [rdflib.Graph().parse(data=PREFIXES + text, format="turtle") for text in (data, shape)]
    return pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0]


for kind, text in (
    ("integer", "2013"), ("integer", "２０１３"), ("integer", "2_013"), ("integer", "两千"),
    ("decimal", "20.5"), ("decimal", "2e3"), ("decimal", "NaN"), ("double", "2E3"), ("double", "２.５"),
):
    typed = f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{kind}>'
    number = next(iter(pyoxigraph.Store().query(f"SELECT ({typed} + 0 AS ?sum) {{}}")))["sum"] is not None
    print(kind, text, conforms(f'ex:a ex:p "{text}"^^xsd:{kind} .', f"sh:datatype xsd:{kind}"), number)
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pyshacl-python-numbers: the behaviour has changed" >&2; exit 1; }
integer 2013 True True
integer ２０１３ True False
integer 2_013 True False
integer 两千 False False
decimal 20.5 True True
decimal 2e3 True False
decimal NaN True False
double 2E3 True True
double ２.５ True False
SEEN
echo "pyshacl-python-numbers: as seen"
