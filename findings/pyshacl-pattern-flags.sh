#!/usr/bin/env bash
# pySHACL 0.40.1: sh:flags other than i and m are ignored without a word. Seen 2026-11-30.
# Expected: SHACL, section 4.4.3: sh:flags is the third argument of SPARQL's REGEX, i.e. of XPath's fn:matches with s, m, i,
# x and q; a value that REGEX matches with these flags conforms. And $ without m matches the end of the string only.
# Seen: s, x and q do nothing, so that valid values violate the shape (s, x) and others conform (q);
# the pattern is one of Python's re, where $ also matches before a last line break.
# Why it matters: names read from cells end in line breaks, and a pattern that ends in $ does not find them;
# shapes that another engine runs well report false errors here.
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


for text, pattern, flags in (
    ("ABC", "^abc$", "i"), ("国\\n家", "^国.家$", "s"), ("国家", "^ 国 家 $", "x"), ("国x家", "国.家", "q"), ("国家\\n", "^国家$", ""),
):
    regex = bool(pyoxigraph.Store().query(f'ASK {{ FILTER(REGEX("{text}", "{pattern}", "{flags}")) }}'))
    constraint = f'sh:pattern "{pattern}"' + (f' ; sh:flags "{flags}"' if flags else "")
    print(ascii(text), pattern, flags or "-", "REGEX:", regex, "pySHACL:", conforms(f'ex:a ex:p "{text}" .', constraint))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pyshacl-pattern-flags: the behaviour has changed" >&2; exit 1; }
'ABC' ^abc$ i REGEX: True pySHACL: True
'\u56fd\\n\u5bb6' ^国.家$ s REGEX: True pySHACL: False
'\u56fd\u5bb6' ^ 国 家 $ x REGEX: True pySHACL: False
'\u56fdx\u5bb6' 国.家 q REGEX: False pySHACL: True
'\u56fd\u5bb6\\n' ^国家$ - REGEX: False pySHACL: True
SEEN
echo "pyshacl-pattern-flags: as seen"
