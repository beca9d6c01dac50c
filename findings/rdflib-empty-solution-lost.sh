#!/usr/bin/env bash
# rdflib 7.6.0: iterating a result skips solutions in which no variable is bound, and so loses them from that result.
# Expected: SPARQL 1.1, 18.2.4 and 18.5 (Project): every solution is kept, also the empty one; the SPARQL 1.1 Query
# Results JSON Format, 3.2.1, gives it as `{}`. COUNT(*) and len() say how many there are.
# Seen: two programmes, of which one has a note: COUNT(*) is 2, len() of the result is 2 and its JSON has 2 rows; but
# a loop over the result gives 1 row, and after that loop len() is 1 and the JSON of the very same result has 1 row.
# Matters: a loop that pairs the rows of two queries, or counts in a loop, shifts at each missing OPTIONAL value.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0
venv/bin/python -W ignore - > seen <<'END'
import json

import rdflib

graph = rdflib.Graph().parse(
    format="turtle",
    data="""@prefix ex: <http://example.org/> .
    ex:a a ex:Programme ; ex:note "merged in 2023" . ex:b a ex:Programme .""",
)
WHERE = "{ ?p a <http://example.org/Programme> OPTIONAL { ?p <http://example.org/note> ?note } }"
print("COUNT(*):", [int(row.n) for row in graph.query("SELECT (COUNT(*) AS ?n) " + WHERE)])
result = graph.query("SELECT ?note " + WHERE)
print("rows of JSON:", len(json.loads(result.serialize(format="json"))["results"]["bindings"]))
print("len:", len(graph.query("SELECT ?note " + WHERE)))
result = graph.query("SELECT ?note " + WHERE)
print("rows iterated:", len([row for row in result]))
print("len after:", len(result))
print("rows of JSON after:", len(json.loads(result.serialize(format="json"))["results"]["bindings"]))
END
diff - seen <<'END'
COUNT(*): [2]
rows of JSON: 2
len: 2
rows iterated: 1
len after: 1
rows of JSON after: 1
END
echo "as seen on 2026-11-30"
