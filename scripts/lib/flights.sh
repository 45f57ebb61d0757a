# shellcheck shell=bash
# The example data: every flight that left New York City in 2013. Sourced, never run.
. "${BASH_SOURCE%/*}/common.sh"

flights_file=$root/scripts/data/flights.csv.xz
flights_rows=336776

# make_flights_database FILE: writes an SQLite database with the table `flights`.
make_flights_database() {
  rm -f "$1"
  xz -dc "$flights_file" | sqlite3 -batch -bail "$1" "
    CREATE TABLE flights (
      year           INTEGER NOT NULL,
      month          INTEGER NOT NULL,
      day            INTEGER NOT NULL,
      dep_time       INTEGER,
      sched_dep_time INTEGER NOT NULL,
      dep_delay      INTEGER,
      arr_time       INTEGER,
      sched_arr_time INTEGER NOT NULL,
      arr_delay      INTEGER,
      carrier        TEXT    NOT NULL,
      flight         INTEGER NOT NULL,
      tailnum        TEXT,
      origin         TEXT    NOT NULL,
      dest           TEXT    NOT NULL,
      air_time       INTEGER,
      distance       INTEGER NOT NULL,
      hour           INTEGER NOT NULL,
      minute         INTEGER NOT NULL,
      time_hour      TEXT    NOT NULL
    );
    CREATE TEMP TABLE lines AS SELECT * FROM flights WHERE 0;" \
    '.import --csv --schema temp --skip 1 /dev/stdin lines' "
    -- A missing value is an empty field in the file and NULL in the table.
    INSERT INTO flights
    SELECT year, month, day, nullif(dep_time, ''), sched_dep_time, nullif(dep_delay, ''),
           nullif(arr_time, ''), sched_arr_time, nullif(arr_delay, ''), carrier, flight,
           nullif(tailnum, ''), origin, dest, nullif(air_time, ''), distance, hour, minute, time_hour
    FROM lines ORDER BY lines.rowid;"
  local rows
  rows=$(sqlite3 -readonly "$1" 'SELECT count(*) FROM flights')
  [[ $rows == "$flights_rows" ]] || die "$1 has $rows flights instead of $flights_rows"
}
