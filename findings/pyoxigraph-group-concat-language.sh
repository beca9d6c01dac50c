#!/usr/bin/env bash
# pyoxigraph 0.5.13: GROUP_CONCAT keeps a language that all its texts share.
# Expected: SPARQL 1.1, 18.5.1.7 "GroupConcat": the signature ends in "simple literal": the result has no language,
# whatever its parts have.
# Seen: "甲"@zh and "乙"@zh joined are "甲、乙"@zh in pyoxigraph; with one text in another language, or without one, the
# result has none. rdflib 7.6.0 gives a text without a language each time.
# Matters: the term of the result depends on the data: a comparison with "甲、乙", or STRDT, which takes simple literals
# only, works for some groups and fails for others; the same in a CONSTRUCT writes other triples.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyoxigraph==0.5.13 rdflib==7.6.0
venv/bin/python -W ignore - > seen <<'END'
import pyoxigraph
import rdflib

for values in ('"甲"@zh "乙"@zh', '"甲"@zh "B"@en', '"甲"@zh "乙"'):
    joined = f'{{ SELECT (GROUP_CONCAT(?v; separator="、") AS ?r) {{ VALUES ?v {{ {values} }} }} }}'
    query = f'SELECT (LANG(?r) AS ?language) (COALESCE(STRDT(?r, <http://example.org/list>), "error") AS ?typed) {joined}'
    for row in pyoxigraph.Store().query(query):
        print(values, "| pyoxigraph", [row["language"].value, row["typed"].value], end=" ")
    for row in rdflib.Graph().query(query):
        print("| rdflib", [str(row.language), str(row.typed)])
END
diff - seen <<'END'
"甲"@zh "乙"@zh | pyoxigraph ['zh', 'error'] | rdflib ['', '甲、乙']
"甲"@zh "B"@en | pyoxigraph ['', '甲、B'] | rdflib ['', '甲、B']
"甲"@zh "乙" | pyoxigraph ['', '甲、乙'] | rdflib ['', '甲、乙']
END
echo "as seen on 2026-11-30"
