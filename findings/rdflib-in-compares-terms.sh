#!/usr/bin/env bash
# rdflib 7.6.0: IN and NOT IN compare terms, not values, and so contradict `=`.
# Expected: SPARQL 1.1, 17.4.1.9 "IN": `x IN (a, b)` is equivalent to `(x = a) || (x = b)`; 17.4.1.10: NOT IN is its
# negation.
# Seen: 1.10 = 1.1 is true and 1.10 IN (1.1) is false; the same for 1 and 1.0, for two spellings of one day in UTC,
# and for one moment given in the time of Beijing and in UTC. NOT IN is true where `=` holds. pyoxigraph 0.5.13
# answers by the clause.
# Matters: a list of amounts or moments in IN silently loses the rows whose lexical form differs from the query's.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
venv/bin/python -W ignore - > seen <<'END'
import pyoxigraph
import rdflib

PREFIX = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
PAIRS = [
    ("1.10", "1.1"),
    ("1", "1.0"),
    ('"2019-05-01Z"^^xsd:date', '"2019-05-01+00:00"^^xsd:date'),
    ('"2019-05-01T08:00:00+08:00"^^xsd:dateTime', '"2019-05-01T00:00:00Z"^^xsd:dateTime'),
]
for left, right in PAIRS:
    for form in ("{} = {}", "{} IN ({})", "{} NOT IN ({})"):
        query = PREFIX + "ASK { FILTER(" + form.format(left, right) + ") }"
        print(form.format(left, right), "| rdflib", rdflib.Graph().query(query).askAnswer, end=" ")
        print("| pyoxigraph", bool(pyoxigraph.Store().query(query)))
END
diff - seen <<'END'
1.10 = 1.1 | rdflib True | pyoxigraph True
1.10 IN (1.1) | rdflib False | pyoxigraph True
1.10 NOT IN (1.1) | rdflib True | pyoxigraph False
1 = 1.0 | rdflib True | pyoxigraph True
1 IN (1.0) | rdflib False | pyoxigraph True
1 NOT IN (1.0) | rdflib True | pyoxigraph False
"2019-05-01Z"^^xsd:date = "2019-05-01+00:00"^^xsd:date | rdflib True | pyoxigraph True
"2019-05-01Z"^^xsd:date IN ("2019-05-01+00:00"^^xsd:date) | rdflib False | pyoxigraph True
"2019-05-01Z"^^xsd:date NOT IN ("2019-05-01+00:00"^^xsd:date) | rdflib True | pyoxigraph False
"2019-05-01T08:00:00+08:00"^^xsd:dateTime = "2019-05-01T00:00:00Z"^^xsd:dateTime | rdflib True | pyoxigraph True
"2019-05-01T08:00:00+08:00"^^xsd:dateTime IN ("2019-05-01T00:00:00Z"^^xsd:dateTime) | rdflib False | pyoxigraph True
"2019-05-01T08:00:00+08:00"^^xsd:dateTime NOT IN ("2019-05-01T00:00:00Z"^^xsd:dateTime) | rdflib True | pyoxigraph False
END
echo "as seen on 2026-11-30"
