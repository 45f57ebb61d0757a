"""Makes the table that scripts/bench measures with.

    events.py FILE.db ROWS [SEED]

`events`: event_id INTEGER PRIMARY KEY, ts TEXT over 30 days, customer_id TEXT (1,000 distinct, Zipf
0.9), country TEXT (40), amount REAL (2 decimals), qty INTEGER, url TEXT (about 60 bytes), note TEXT
(10 % NULL; 8 % with a comma, 5 % with quotes, 3 % with a newline). The same seed gives the same rows.
"""
import bisect
import itertools
import os
import random
import sqlite3
import sys

CUSTOMERS, COUNTRIES, DAYS = 1000, 40, 30
WORDS = ("alpha beta gamma delta order item cart payment refund invoice shipped returned "
         "customer called asked about late parcel address changed gift wrapped thanks").split()


def rows(count, seed):
    chance = random.Random(seed)
    weights = list(itertools.accumulate(1 / (rank + 1) ** 0.9 for rank in range(CUSTOMERS)))
    countries = [chr(65 + i // 26) + chr(65 + i % 26) for i in range(COUNTRIES)]
    random_ = chance.random
    step = DAYS * 86400 / count
    days = [f"2026-01-{day + 1:02d}" for day in range(DAYS)]
    clock = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86400)]
    notes = [" ".join(chance.choice(WORDS) for _ in range(8)) for _ in range(5000)]
    for number in range(1, count + 1):
        second = int(step * (number - 1))
        customer = bisect.bisect_left(weights, random_() * weights[-1])
        kind = random_()
        note = notes[int(random_() * 5000)]
        if kind < 0.10:
            note = None
        elif kind < 0.18:
            note = note.replace(" ", ", ", 1)
        elif kind < 0.23:
            note = '"' + note.replace(" ", '" ', 1)
        elif kind < 0.26:
            note = note.replace(" ", "\n", 1)
        yield (number, f"{days[second // 86400]} {clock[second % 86400]}", f"customer-{customer:04d}",
               countries[int(random_() * COUNTRIES)], int(random_() * 100000) / 100,
               1 + int(random_() * 9),
               f"https://shop.example.com/{WORDS[int(random_() * len(WORDS))]}/{int(random_() * 1e9):09d}?ref={int(random_() * 1e6):06d}",
               note)


def main(file, count, seed=1):
    part = file + ".part"
    if os.path.exists(part):
        os.remove(part)
    database = sqlite3.connect(part)
    database.execute("PRAGMA journal_mode=OFF")
    database.execute("PRAGMA synchronous=OFF")
    database.execute("CREATE TABLE events (event_id INTEGER PRIMARY KEY, ts TEXT, customer_id TEXT, country TEXT, "
                     "amount REAL, qty INTEGER, url TEXT, note TEXT)")
    database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(int(count), int(seed)))
    database.commit()
    database.close()
    os.rename(part, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
