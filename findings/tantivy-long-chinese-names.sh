#!/usr/bin/env bash
# tantivy 0.27.0 (Python): a Chinese name of 14 characters or more is not indexed at all, and so never found.
# Expected: a document that was added is found by its own name; the default tokenizer splits at spaces and punctuation.
# Seen: 苏州国家高新技术产业开发区管委会 (16 characters) is in the index by its count, and no query finds it, not even the whole name
# as a phrase; a name of 11 characters is found. What is longer than 40 bytes of UTF-8 between two spaces is dropped: a
# limit for links and hashes, of which the Python documentation says nothing, and three bytes make a Chinese character.
# Matters: of a list of official names the longest ones are missing from every search, and nothing is raised.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q tantivy==0.27.0
venv/bin/python - > seen <<'END'
import tantivy

NAMES = ("国家高新技术产业开发区", "国家高新技术产业开发区甲乙", "国家高新技术产业开发区甲乙丙", "苏州国家高新技术产业开发区管委会")
builder = tantivy.SchemaBuilder()
builder.add_text_field("name", stored=True)
index = tantivy.Index(builder.build())
writer = index.writer()
for name in NAMES:
    writer.add_document(tantivy.Document(name=name))
writer.commit()
writer.wait_merging_threads()
index.reload()
searcher = index.searcher()
print("documents", searcher.num_docs)
for name in NAMES:
    hits = searcher.search(index.parse_query(f'"{name}"', ["name"]), 10).hits
    print(len(name), "characters", len(name.encode()), "bytes", "found" if hits else "not found")
END
diff - seen <<'END'
documents 4
11 characters 33 bytes found
13 characters 39 bytes found
14 characters 42 bytes not found
16 characters 48 bytes not found
END
echo "as seen on 2026-12-01"
