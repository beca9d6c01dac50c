#!/usr/bin/env bash
# sparql-dataframe 0.4: texts of a query result are guessed anew: the code 0812 becomes 812, the name NA is missing.
# Expected: SPARQL 1.1 Query Results CSV, 3: the values are written as texts; a table of a query's result holds the texts
# that the graph holds. An unbound value and the text "NA" are two things.
# Seen: "0812" and "0101" come as the numbers 812 and 101, "NA" and "None" as missing, a long number with one unbound
# cell below it as a rounded float. SPARQLWrapper 2.0.0, on which it is built, has the texts.
# Matters: subject codes, postcodes and telephone codes begin with zeros; joined with the next table they match nothing or
# something else.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q sparql-dataframe==0.4 SPARQLWrapper==2.0.0 rdflib==7.6.0 pandas==2.3.3
venv/bin/python -W ignore - > seen 2> errors <<'END' || cat errors
import http.server
import threading
import urllib.parse

import rdflib
import sparql_dataframe
from SPARQLWrapper import JSON, SPARQLWrapper

DATA = """@prefix ex: <http://example.org/> .
ex:a ex:code "0812" ; ex:name "NA" ; ex:filing "9007199254740993" . ex:b ex:code "0101" ; ex:name "None" ."""
GRAPH = rdflib.Graph().parse(data=DATA, format="turtle")
QUERY = """PREFIX ex: <http://example.org/> SELECT ?code ?name ?filing
{ ?s ex:code ?code ; ex:name ?name OPTIONAL { ?s ex:filing ?filing } } ORDER BY DESC(?code)"""


class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["query"][0]
        form = "csv" if "csv" in self.headers["Accept"] else "json"
        answer = GRAPH.query(query).serialize(format=form)
        self.send_response(200)
        self.send_header("Content-Type", {"csv": "text/csv", "json": "application/sparql-results+json"}[form])
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/sparql"
wrapper = SPARQLWrapper(address)
wrapper.setQuery(QUERY)
wrapper.setReturnFormat(JSON)
for row in wrapper.queryAndConvert()["results"]["bindings"]:
    print("SPARQLWrapper", [row[name]["value"] if name in row else None for name in ("code", "name", "filing")])
for row in sparql_dataframe.get(address, QUERY).values.tolist():
    print("sparql-dataframe", row)
server.shutdown()
END
diff - seen <<'END'
SPARQLWrapper ['0812', 'NA', '9007199254740993']
SPARQLWrapper ['0101', 'None', None]
sparql-dataframe [812.0, nan, 9007199254740992.0]
sparql-dataframe [101.0, nan, nan]
END
echo "as seen on 2026-12-01"
