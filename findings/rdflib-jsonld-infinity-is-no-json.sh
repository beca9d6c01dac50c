#!/usr/bin/env bash
# rdflib 7.6.0: an infinite xsd:double makes the JSON-LD output something that is no JSON.
# Expected: RFC 8259, section 6: numbers such as Infinity and NaN cannot be represented; JSON-LD 1.1 API, 8.5 (RDF to
# Object Conversion): such a literal keeps its lexical form as a string.
# Seen: "@value": Infinity and NaN, which Node and pyoxigraph 0.5.13 refuse; the lexical form is INF in all of RDF.
# Matters: one open bound (INF) in a dataset makes the whole published file unreadable to every strict reader, while
# rdflib itself, by Python's json module, reads it back.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
cat > run.py <<'END'
import pyoxigraph
import rdflib

DATA = """@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:band ex:most "INF"^^xsd:double ; ex:mean "NaN"^^xsd:double ; ex:least 1.5e0 ."""
rdflib.Graph().parse(data=DATA, format="turtle").serialize("written.jsonld", format="json-ld")
print(*sorted(line.strip() for line in open("written.jsonld") if "@value" in line))
print("rdflib", len(rdflib.Graph().parse("written.jsonld")), "triples")
try:
    print("pyoxigraph", len(list(pyoxigraph.parse(path="written.jsonld"))), "triples")
except SyntaxError:
    print("pyoxigraph SyntaxError")
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
try { JSON.parse(readFileSync("written.jsonld", "utf8")); console.log("JSON.parse reads it"); }
catch (error) { console.log("JSON.parse", error.name); }
END
{ venv/bin/python run.py; node run.mjs; } > seen
diff - seen <<'END'
"@value": 1.5 "@value": Infinity "@value": NaN
rdflib 3 triples
pyoxigraph SyntaxError
JSON.parse SyntaxError
END
echo "as seen on 2026-12-01"
