#!/usr/bin/env bash
# pySHACL 0.40.1: sh:languageIn ("zh-Hans") rejects a label in zh-Hans-CN. Seen 2026-11-30.
# Expected: SHACL, section 4.4.4: tags are matched as SPARQL's langMatches matches basic language ranges (RFC 4647, 3.3.1),
# so that zh-Hans covers zh-Hans-CN, and zh-Latn covers zh-Latn-pinyin. rdflib's own langMatches does so.
# Seen: only the whole tag or its first subtag is compared, so every range of two subtags fails for longer tags.
# Why it matters: Chinese labels say script, region and transcription in the tag; valid data is reported as invalid.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyshacl==0.40.1 rdflib==7.6.0

cat > "$folder/run.py" <<'PYTHON'
import rdflib
import pyshacl

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """


def conforms(data, constraint):
    shape = f"ex:s a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."
    graphs = [rdflib.Graph().parse(data=PREFIXES + text, format="turtle") for text in (data, shape)]
    return pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0]


for tag, wanted in (("zh-Hans", "zh"), ("zh-Hans-CN", "zh"), ("zh-Hans-CN", "zh-Hans"), ("zh-Latn-pinyin", "zh-Latn")):
    matches = rdflib.Graph().query(f'ASK {{ FILTER(langMatches("{tag}", "{wanted}")) }}').askAnswer
    print(tag, wanted, matches, conforms(f'ex:a ex:p "x"@{tag} .', f'sh:languageIn ("{wanted}")'))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pyshacl-language-ranges: the behaviour has changed" >&2; exit 1; }
zh-Hans zh True True
zh-Hans-CN zh True True
zh-Hans-CN zh-Hans True False
zh-Latn-pinyin zh-Latn True False
SEEN
echo "pyshacl-language-ranges: as seen"
