#!/usr/bin/env bash
# lunardate 0.3.0 and cnlunardate 0.0.4: whole months of the Chinese calendar are one day off: the Mid-Autumn of 1996.
# Expected: GB/T 33661-2017 (calculation of the Chinese calendar): a month begins on the day of the new moon in Beijing time;
# 八月十五 of 1996 was 27 September.
# Seen: of the days from 1930 to 2030, each of the two differs in 90, three whole months, from lunar_python 1.4.8, cnlunar
# 0.2.5 and borax 4.1.3, which agree with one another; only one of the three months is the same. 27 September 1996 is
# 八月十六 for cnlunardate.
# Matters: dates in gazetteers, chronicles and certificates are converted to a wrong day, with no error.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q lunardate==0.3.0 cnlunardate==0.0.4 lunar_python==1.4.8 cnlunar==0.2.5 borax==4.1.3
venv/bin/python -W ignore - > seen <<'END'
import datetime
import itertools

import cnlunar
from borax.calendars.lunardate import LunarDate as Borax
from cnlunardate import cnlunardate
from lunar_python import Solar
from lunardate import LunarDate


def by_lunar_python(day):
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return lunar.getYear(), abs(lunar.getMonth()), lunar.getDay()


def by_cnlunar(day):
    lunar = cnlunar.Lunar(datetime.datetime(day.year, day.month, day.day, 12))
    return lunar.lunarYear, lunar.lunarMonth, lunar.lunarDay


def by_borax(day):
    lunar = Borax.from_solar(day)
    return lunar.year, lunar.month, lunar.day


def by_lunardate(day):
    lunar = LunarDate.fromSolarDate(day.year, day.month, day.day)
    return lunar.year, lunar.month, lunar.day


def by_cnlunardate(day):
    lunar = cnlunardate.fromsolardate(day)
    return lunar.year, lunar.month, lunar.day


first = datetime.date(1930, 1, 1)
days = [first + datetime.timedelta(number) for number in range((datetime.date(2030, 12, 31) - first).days)]
right = {day: by_lunar_python(day) for day in days}
print("borax differs on", sum(by_borax(day) != right[day] for day in days), "days")
print("cnlunar differs on", sum(by_cnlunar(day) != right[day] for day in days[::10]), "of", len(days[::10]), "days")
for name, convert in (("lunardate", by_lunardate), ("cnlunardate", by_cnlunardate)):
    wrong = [day for day in days if convert(day) != right[day]]
    runs = [list(run) for _, run in itertools.groupby(wrong, key=lambda day: day.toordinal() - wrong.index(day))]
    print(name, "differs on", len(wrong), "days:", *(f"{run[0]} to {run[-1]}" for run in runs))
mid_autumn = datetime.date(1996, 9, 27)
print(mid_autumn, right[mid_autumn], "cnlunardate", by_cnlunardate(mid_autumn))
END
diff - seen <<'END'
borax differs on 0 days
cnlunar differs on 0 of 3689 days
lunardate differs on 90 days: 1933-07-22 to 1933-08-20 1954-11-25 to 1954-12-24 1978-09-02 to 1978-10-01
cnlunardate differs on 90 days: 1933-07-22 to 1933-08-20 1996-07-15 to 1996-08-13 1996-09-12 to 1996-10-11
1996-09-27 (1996, 8, 15) cnlunardate (1996, 8, 16)
END
echo "as seen on 2026-12-01"
