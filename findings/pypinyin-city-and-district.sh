#!/usr/bin/env bash
# pypinyin 0.55.0: the reading of a district depends on what stands before or after it. Seen 2026-11-30.
# Expected: its documentation says that phrases are matched to find the right reading; Chang'an, Changshou and Changle are
# Cháng in every address, and both places named 朝阳 are Cháoyáng.
# Seen: behind a city, its last character and the first of the district form 市长 (mayor), so Chang becomes zhang;
# 朝阳 is zhao (the rising sun) alone and before 市, but chao before 区.
# Why it matters: addresses are written without spaces; slugs and sort keys of one district differ by its context.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypinyin==0.55.0

cat > "$folder/run.py" <<'PYTHON'
from pypinyin import lazy_pinyin

for name in ("长安区", "西安市长安区", "长寿区", "重庆市长寿区", "长乐区", "福州市长乐区", "朝阳区", "朝阳市", "朝阳"):
    print(name, " ".join(lazy_pinyin(name)))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pypinyin-city-and-district: the behaviour has changed" >&2; exit 1; }
长安区 chang an qu
西安市长安区 xi an shi zhang an qu
长寿区 chang shou qu
重庆市长寿区 chong qing shi zhang shou qu
长乐区 chang le qu
福州市长乐区 fu zhou shi zhang le qu
朝阳区 chao yang qu
朝阳市 zhao yang shi
朝阳 zhao yang
SEEN
echo "pypinyin-city-and-district: as seen"
