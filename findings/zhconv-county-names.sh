#!/usr/bin/env bash
# zhconv 1.4.3: the traditional form of Xianyang is salty. Seen 2026-11-30.
# Expected: its documentation: conversion by the tables of MediaWiki, with the longest word that matches; the city is 咸陽
# in traditional script (咸: all), as OpenCC 1.4.2 writes it; Yudu is 于都, and Fan 范縣.
# Seen: 咸 is taken for 鹹 (salty), 于 and 范 for 於 and 範, in the variants of Taiwan and Hong Kong, too.
# Why it matters: names of counties looked up by their traditional form (gazetteers of Hong Kong and Taiwan) are not found.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check zhconv==1.4.3 OpenCC==1.4.2

cat > "$folder/run.py" <<'PYTHON'
import opencc
import zhconv

converter = opencc.OpenCC("s2t")
for name in ("咸阳", "咸宁", "于都", "范县", "余干", "斗门"):
    print(name, converter.convert(name), *(zhconv.convert(name, variant) for variant in ("zh-hant", "zh-tw", "zh-hk")))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "zhconv-county-names: the behaviour has changed" >&2; exit 1; }
咸阳 咸陽 鹹陽 鹹陽 鹹陽
咸宁 咸寧 鹹寧 鹹寧 鹹寧
于都 于都 於都 於都 於都
范县 范縣 範縣 範縣 範縣
余干 餘干 餘干 餘干 餘干
斗门 斗門 鬥門 鬥門 鬥門
SEEN
echo "zhconv-county-names: as seen"
