#!/usr/bin/env bash
# rdflib 7.6.0, pyoxigraph 0.5.13 and Comunica 5.4.1: three different answers to the character classes of Unicode in
# REGEX.
# Expected: SPARQL 1.1, 17.4.3.14: as fn:matches of XPath Functions, that is the regular expressions of XML Schema
# Part 2, appendix F (G in 1.1), in which \p{L}, \p{IsCJKUnifiedIdeographs} and the subtraction [\p{L}-[A-Z]] are
# valid.
# Seen: rdflib ends the query with a Python error for each of them; pyoxigraph and Comunica know \p{L}; for the other
# two pyoxigraph silently finds nothing and Comunica ends the query. \p{Script=Han}, which is not valid in XML Schema,
# is taken by pyoxigraph and Comunica.
# Matters: "is the name written in Chinese?" has no form with a class that runs on all three. The range [一-鿿] does.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
npm install --silent --no-save --no-fund --no-audit @comunica/query-sparql-rdfjs@5.4.1 n3@2.13.12
cat > run.py <<'END'
import json
import pyoxigraph
import rdflib

for pattern in (r"^\\p{L}+$", r"^\\p{IsCJKUnifiedIdeographs}+$", r"^[\\p{L}-[A-Z]]+$", r"^\\p{Script=Han}+$", "^[一-鿿]+$"):
    query = 'SELECT ?v { VALUES ?v { "高新区" } FILTER(REGEX(?v, "' + pattern + '")) }'
    open("queries.jsonl", "a").write(json.dumps(query) + "\n")
    try:
        rows = len(list(rdflib.Graph().query(query)))
    except Exception as error:
        rows = type(error).__name__
    print(pattern, "| rdflib", rows, "| pyoxigraph", len(list(pyoxigraph.Store().query(query))))
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql-rdfjs";
import { Store } from "n3";
for (const line of readFileSync("queries.jsonl", "utf8").trim().split("\n")) {
  const rows = new QueryEngine().queryBindings(JSON.parse(line), { sources: [new Store()] });
  console.log("Comunica", await rows.then((stream) => stream.toArray()).then((all) => all.length, (error) => error.name));
}
END
{ venv/bin/python run.py; node run.mjs; } > seen
diff - seen <<'END'
^\\p{L}+$ | rdflib error | pyoxigraph 1
^\\p{IsCJKUnifiedIdeographs}+$ | rdflib error | pyoxigraph 0
^[\\p{L}-[A-Z]]+$ | rdflib error | pyoxigraph 0
^\\p{Script=Han}+$ | rdflib error | pyoxigraph 1
^[一-鿿]+$ | rdflib 1 | pyoxigraph 1
Comunica 1
Comunica SyntaxError
Comunica SyntaxError
Comunica 1
Comunica 1
END
echo "as seen on 2026-11-30"
