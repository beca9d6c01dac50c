#!/usr/bin/env bash
# cn2an 0.5.24 and chinese2digits 6.0.2: names of provinces and cities become digits. Seen 2026-11-30.
# Expected: both offer to turn the Chinese numbers of a sentence into digits (transform, takeNumberFromString);
# 四川 and 六安 hold no number, and a number is left alone where it is none, as in 百色 and 万宁 below.
# Seen: 四川省 is 4川省 and 六安市 6安市, in both; the year and the batch beside them are right.
# Why it matters: run over a list to normalise 第三批 and 二〇一九年, they spoil the column of places.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cn2an==0.5.24 chinese2digits==6.0.2

cat > "$folder/run.py" <<'PYTHON'
import cn2an
import chinese2digits

for text in ("二〇一九年第三批", "四川省", "六安市", "十堰市", "九江市", "二十里铺镇", "百色市", "万宁市"):
    print(text, cn2an.transform(text), chinese2digits.takeNumberFromString(text)["replacedText"])
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "cn2an-place-names: the behaviour has changed" >&2; exit 1; }
二〇一九年第三批 2019年第3批 2019年第3批
四川省 4川省 4川省
六安市 6安市 6安市
十堰市 10堰市 10堰市
九江市 9江市 9江市
二十里铺镇 20里铺镇 20里铺镇
百色市 百色市 百色市
万宁市 万宁市 万宁市
SEEN
echo "cn2an-place-names: as seen"
