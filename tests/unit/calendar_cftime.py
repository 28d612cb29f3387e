#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares Glebe's calendars with cftime: calendar_cftime.py <calendar_days program>.

Exit status 0: all agree; 1: some differ (the first few are printed); 77: cftime is missing.
"""
import random
import subprocess
import sys

try:
    import cftime
except ImportError:
    print("cftime is not installed: skipped")
    sys.exit(77)

CALENDARS = ["standard", "proleptic_gregorian", "julian", "noleap", "all_leap", "360_day"]
ZONES = {"": 0, "Z": 0, " UTC": 0, " +01:00": 60, " -7:30": -450, "+0530": 330, "-07": -420}


def day_cases(draw):
    """Random dates, every date around the reform, and dates near the ends of February."""
    for calendar in CALENDARS:
        for _ in range(700):
            yield calendar, draw.randint(1, 3000), draw.randint(1, 12), draw.randint(1, 31)
        for day in range(1, 32):
            yield calendar, 1582, 10, day
        for year in (4, 100, 400, 1500, 1600, 1700, 1900, 1970, 2000, 2004, 2100):
            for day in (28, 29, 30):
                yield calendar, year, 2, day
            yield calendar, year, 12, 31


def expected_day(calendar, year, month, day):
    try:
        date = cftime.datetime(year, month, day, calendar=calendar)
    except ValueError:
        return "refused"
    number = cftime.date2num(date, "days since 1970-01-01", calendar)
    return f"{int(number)} {year} {month} {day}"


def text_cases(draw):
    """Instants written with a zone, in years that every calendar has."""
    for calendar in CALENDARS:
        for _ in range(150):
            date = (draw.randint(1600, 2200), draw.randint(1, 12), draw.randint(1, 28))
            time = (draw.randint(0, 23), draw.randint(0, 59), draw.randint(0, 59))
            yield calendar, date, time, draw.choice(list(ZONES))


def expected_text(calendar, date, time, zone):
    start = cftime.datetime(*date, *time, calendar=calendar)
    units = f"seconds since {start.strftime('%Y-%m-%d %H:%M:%S')}"
    instant = cftime.num2date(-60 * ZONES[zone], units, calendar)
    return instant.strftime("%Y-%m-%dT%H:%M:%S")


def main():
    draw = random.Random(1582)
    questions, expected = [], []
    for case in day_cases(draw):
        questions.append("day {} {} {} {}".format(*case))
        expected.append(expected_day(*case))
    for calendar, date, time, zone in text_cases(draw):
        written = "{}-{}-{} {}:{}:{}".format(*date, *time) + zone
        questions.append(f"text {calendar} {written}")
        expected.append(expected_text(calendar, date, time, zone))

    run = subprocess.run([sys.argv[1]], input="\n".join(questions) + "\n", text=True,
                         capture_output=True, check=True)
    answers = run.stdout.splitlines()
    if len(answers) != len(questions):
        sys.exit(f"{len(questions)} questions, {len(answers)} answers")
    wrong = [row for row in zip(questions, answers, expected) if row[1] != row[2]]
    for question, answer, right in wrong[:10]:
        print(f"{question}: Glebe says {answer!r}, cftime {right!r}")
    print(f"{len(questions) - len(wrong)} of {len(questions)} agree")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
