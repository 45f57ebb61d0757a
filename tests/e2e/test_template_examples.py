"""The examples of the public documentation of SQL templates, over a small shop of our own.

What each shows is kept; names, data and everything that is ClickHouse's own SQL are ours. `PAGES` says where it stands.
Those that SQLite can't run are listed with the reason at the end, and printed."""
import csv
import io
import sqlite3
from typing import NamedTuple

import pytest

PAGES = {
    "parameters": "query parameters",
    "functions": "template functions",
    "guide": "advanced template functions for dynamic endpoints",
    "language": "templating language",
    "reuse": "advanced templates",
    "variables": "environment variables API",
    "glossary": "glossary: query parameters",
}
SHOP = """
CREATE TABLE events (day TEXT, at TEXT, user INTEGER, event TEXT, city TEXT, price REAL, amount INTEGER, code INTEGER);
INSERT INTO events VALUES
    ('2026-01-01', '2026-01-01 10:00:00', 1, 'view', 'Rome', 1.5, 1, 101),
    ('2026-01-01', '2026-01-01 11:00:00', 2, 'buy',  'Oslo', 2.5, 2, 102),
    ('2026-01-02', '2026-01-02 10:00:00', 1, 'buy',  'Rome', 3.5, 3, 110),
    ('2026-01-03', '2026-01-03 10:00:00', 3, 'cart', 'Lima', 4.5, 4, 120),
    ('2026-02-01', '2026-02-01 10:00:00', 2, 'view', 'Oslo', 5.5, 5, 101);
CREATE TABLE hourly (day TEXT, n INTEGER);
INSERT INTO hourly VALUES ('2026-01-01', 2), ('2026-02-01', 1);
"""


class Example(NamedTuple):
    page: str
    shows: str
    sql: str
    parameters: dict
    rows: list  # Of the result; a text: what the refusal says.


def count(condition, **parameters):
    """The events for which a condition holds."""
    return f"% SELECT count(*) FROM shop.events WHERE {condition}", parameters


EXAMPLES = [
    # How parameters are written.
    Example("parameters", "a parameter with default, description and required",
            "%\nSELECT code FROM shop.events LIMIT {{Int32(lim, 2, description=\"rows at most\", required=False)}}",
            {}, ["101", "102"]),
    Example("parameters", "the same, given with the call",
            "%\nSELECT code FROM shop.events LIMIT {{Int32(lim, 2, description=\"rows at most\", required=False)}}",
            {"lim": 3}, ["101", "102", "110"]),
    Example("parameters", "a text as a filter", *count("city = {{String(city, 'Rome')}}", city="Oslo"), ["2"]),
    Example("parameters", "a text with a default", *count("city = {{String(city, 'Rome')}}"), ["2"]),
    Example("parameters", "a date", *count("day = {{Date(day, '2026-01-01')}}"), ["2"]),
    Example("parameters", "a time", *count("at >= {{DateTime(since, '2026-01-02 00:00:00')}}"), ["3"]),
    Example("parameters", "a time with a fraction",
            *count("at >= {{DateTime64(since)}}", since="2026-01-02T10:00:00.001Z"), ["2"]),
    Example("parameters", "a number with a fraction", *count("price > {{Float32(least, 2)}}"), ["4"]),
    Example("parameters", "a number with a fraction, wide", *count("price > {{Float64(least)}}", least=4.4), ["2"]),
    Example("parameters", "a truth value", *count("(event = 'buy') = {{Boolean(bought, True)}}", bought="false"), ["3"]),
    *[Example("parameters", f"a whole number, {kind}", *count(f"code > {{{{{kind}(least)}}}}", least=101), ["3"])
      for kind in ("Int", "Integer", "Int8", "Int16", "Int32", "Int64", "Int128", "Int256", "UInt8", "UInt16", "UInt32",
                   "UInt64", "UInt128", "UInt256")],
    Example("parameters", "a list of numbers with a default",
            *count("code IN {{Array(codes, 'Int32', default='101,102')}}"), ["3"]),
    Example("parameters", "a list that is given", *count("code IN {{Array(codes, 'Int32', default='101,102')}}",
                                                         codes="110,120"), ["2"]),
    Example("parameters", "a list of texts", *count("city IN {{Array(cities, 'String')}}", cities="Rome,Lima"), ["3"]),
    Example("parameters", "the column to sort by",
            "% SELECT code FROM shop.events ORDER BY {{column(by, 'at')}} DESC LIMIT 1", {}, ["101"]),
    Example("parameters", "another column to sort by",
            "% SELECT code FROM shop.events ORDER BY {{column(by, 'at')}} DESC LIMIT 1", {"by": "code"}, ["120"]),
    Example("parameters", "pages, by arithmetic",
            "% SELECT amount FROM shop.events ORDER BY amount "
            "LIMIT {{Int32(size, 100)}} OFFSET {{Int32(page, 0) * Int32(size, 100)}}",
            {"size": 2, "page": 1}, ["3", "4"]),
    Example("parameters", "filters as JSON",
            "% SELECT count(*) FROM shop.events WHERE 1\n"
            "{% for f in JSON(filters, '[{\"operand\": \"city\", \"operator\": \"equals\", \"value\": \"Rome\"}]') %}\n"
            "  {% if f.get('operator', '') == 'equals' %} AND {{column(f.get('operand'))}} = {{f.get('value')}}\n"
            "  {% elif f['operator'] == 'greater' %} AND {{column(f['operand'])}} > {{f['value']}} {% end %}\n{% end %}",
            {"filters": '[{"operand": "price", "operator": "greater", "value": 2}, '
                        '{"operand": "event", "operator": "equals", "value": "buy"}]'}, ["2"]),
    Example("parameters", "the default of these",
            "% SELECT count(*) FROM shop.events WHERE 1{% for f in JSON(filters, '[{\"operand\": \"city\", "
            "\"operator\": \"equals\", \"value\": \"Rome\"}]') %} AND {{column(f.get('operand'))}} = {{f.get('value')}}"
            "{% end %}", {}, ["2"]),
    Example("parameters", "one that is required", *count("city = {{String(city, required=True)}}"), "'city' is missing"),
    Example("parameters", "one of a list", *count("city = {{String(city, 'Rome', enum=['Rome', 'Oslo'])}}", city="Lima"),
            "Give one of Rome,Oslo"),
    Example("parameters", "examples and formats for people",
            *count("code = {{Int32(code, 101, description='a code', format='number', example='102')}}"), ["2"]),
    # Functions, one by one.
    Example("functions", "defined, and it is not", *count("1 {% if defined(city) %} AND city = {{String(city)}} {% end %}"),
            ["5"]),
    Example("functions", "defined, and it is",
            *count("1 {% if defined(city) %} AND city = {{String(city)}} {% end %}", city="Lima"), ["1"]),
    Example("functions", "column, by a variable",
            "%\n{% set var_1 = 'city' %}\nSELECT {{column(var_1)}} FROM shop.events WHERE code = 120", {}, ["Lima"]),
    Example("functions", "columns, by a variable",
            "%\n{% set var_1 = 'city,event,code' %}\nSELECT {{columns(var_1)}} FROM shop.events WHERE code = 120", {},
            ["Lima,cart,120"]),
    Example("functions", "symbol, in an aggregate",
            "%\n{% set var_1 = 'amount' %}\nSELECT sum({{symbol(var_1)}}) FROM shop.events", {}, ["15"]),
    *[Example("functions", f"date_diff_in_{unit}", "% SELECT {{date_diff_in_" + unit + "(a, b)}}",
              {"a": "2026-01-01 00:00:00", "b": "2026-01-03 01:02:03"}, [str(value)])
      for unit, value in (("seconds", 176523), ("minutes", 2942), ("hours", 49), ("days", 2))],
    Example("functions", "date_diff_in_seconds of fractions, by a format",
            "% SELECT {{date_diff_in_seconds('2026-12-19T18:42:23.521Z', '2026-12-19T18:42:25.521Z', "
            "date_format='%Y-%m-%dT%H:%M:%S.%fz')}}", {}, ["2"]),
    *[Example("functions", f"the table by the time between two dates, {name}",
              "%\nSELECT count(*) FROM\n{% if date_diff_in_seconds(end, start, date_format=\"%Y-%m-%dT%H:%M:%Sz\") "
              "< 3600 %} shop.events {% else %} shop.hourly {% end %}\nWHERE day >= substr({{String(start)}}, 1, 10)",
              {"start": "2026-01-01T00:00:00Z", "end": end}, [rows])
      for name, end, rows in (("a short one", "2026-01-01T00:30:00Z", "5"), ("a long one", "2026-01-02T00:00:00Z", "2"))],
    Example("functions", "another form of a date, by none_if_error",
            "% SELECT {% if date_diff_in_seconds(end, start, date_format='%Y-%m-%dT%H:%M:%Sz', none_if_error=True) is None "
            "%} 'as a date' {% else %} 'as a time' {% end %}", {"start": "2026-01-01", "end": "2026-01-02"}, ["as a date"]),
    Example("functions", "another form of a date, by backup_date_format",
            "% SELECT {{date_diff_in_days(a, b, '%Y-%m-%d %H:%M:%S', '%Y-%m-%d')}}",
            {"a": "2026-01-01 00:00:00", "b": "2026-01-09"}, ["8"]),
    Example("functions", "date_diff_in_days of dates",
            "% SELECT {{date_diff_in_days('2026-01-01', '2026-02-01', date_format='%Y-%m-%d')}}", {}, ["31"]),
    Example("functions", "split_to_array",
            *count("code IN {{split_to_array(codes, '101')}} OR city IN {{split_to_array(codes, '')}}", codes="Rome,Oslo"),
            ["4"]),
    Example("functions", "split_to_array by another separator",
            *count("city IN {{split_to_array(String(cities, 'Rome|a, b', description='cities'), separator='|')}}"), ["2"]),
    Example("functions", "enumerate_with_last",
            "%\nSELECT\n{% for _last, _x in enumerate_with_last(split_to_array(attr, 'amount')) %}\n"
            "  sum({{symbol(_x)}}) AS {{symbol(_x)}}\n  {% if not _last %}, {% end %}\n{% end %}\nFROM shop.events",
            {"attr": "amount,price,code"}, ["15,17.5,534"]),
    *[Example("functions", f"sql_and, {name}",
              "%\nSELECT count(*) FROM shop.events WHERE 1\n{% if defined(code) or defined(not_city) %}\nAND {{sql_and("
              "code__in=Array(code, 'Int32', defined=False), city__not_in=Array(not_city, 'String', defined=False))}}\n"
              "{% end %}", parameters, [rows])
      for name, parameters, rows in (("none", {}, "5"), ("one", {"code": "101,102"}, "3"),
                                     ("both", {"code": "101,102", "not_city": "Oslo"}, "1"))],
    *[Example("functions", f"sql_and with {name}", *count(f"{{{{sql_and(code{suffix}=Int32(code, 110))}}}}"), [rows])
      for name, suffix, rows in (("equality", "", "1"), ("gt", "__gt", "1"), ("lt", "__lt", "3"), ("gte", "__gte", "2"),
                                 ("lte", "__lte", "4"))],
    Example("functions", "hints to the engine, which have no effect here",
            "% SELECT count(*) FROM shop.events {{max_threads(4)}} {{backend_hint('x')}}", {}, ["5"]),
    # A whole endpoint.
    Example("guide", "WHERE 1=1 and filters that may be missing",
            "%\nSELECT count(*) FROM shop.events WHERE 1=1\n{% if defined(event) %} AND event = {{String(event)}} {% end %}\n"
            "{% if defined(since) %} AND day >= {{Date(since)}} {% end %}\n"
            "{% if defined(until) %} AND day <= {{Date(until)}} {% end %}",
            {"event": "buy", "since": "2026-01-02"}, ["1"]),
    Example("guide", "set, to try a value out",
            "%\n{% set select_cols = 'day,user,event,city' %}\nSELECT {{columns(select_cols)}} FROM shop.events "
            "WHERE code = 120", {}, ["2026-01-03,3,cart,Lima"]),
    Example("guide", "set wins over what is given",
            "%\n{% set city = 'Lima' %}\n{% set least = 0 %}\nSELECT count(*) FROM shop.events WHERE city = {{city}} "
            "AND code > {{least}}", {"city": "Rome"}, ["1"]),
    Example("guide", "set, with a default",
            "%\n{% set most = Int32(most, 2) %}\nSELECT amount FROM shop.events ORDER BY amount LIMIT {{most}}", {},
            ["1", "2"]),
    Example("guide", "columns with a default",
            "% SELECT {{columns(cols, 'event,city')}} FROM shop.events WHERE code = 120", {}, ["cart,Lima"]),
    Example("guide", "columns in SELECT and GROUP BY",
            "% SELECT {{columns(cols, 'city')}}, count(*) FROM shop.events GROUP BY {{columns(cols, 'city')}} ORDER BY 1, 2",
            {"cols": "city,event"}, ["Lima,cart,1", "Oslo,buy,1", "Oslo,view,1", "Rome,buy,1", "Rome,view,1"]),
    Example("guide", "columns in a function",
            "% SELECT {{columns(cols, 'amount,price', fn='sum')}} FROM shop.events", {}, ["15,17.5"]),
    Example("guide", "a column to group by",
            "% SELECT {{column(dim, 'city')}} AS dim, sum(amount) FROM shop.events GROUP BY 1 ORDER BY 1",
            {"dim": "event"}, ["buy,5", "cart,4", "view,6"]),
    Example("guide", "an error where a parameter is missing",
            "% {% if not defined(event) %}{{ error('event is a required parameter.') }}{% end %} "
            "SELECT count(*) FROM shop.events WHERE event = {{String(event, '')}}", {}, "event is a required parameter"),
    Example("guide", "a custom error",
            "% {% if not defined(event) %}{{ custom_error({'error_id': '10001', 'error': 'event is needed.'}) }}{% end %} "
            "SELECT count(*) FROM shop.events WHERE event = {{String(event, '')}}", {}, "event is needed"),
    Example("guide", "neither, where it is given",
            "% {% if not defined(event) %}{{ error('event is a required parameter.') }}{% end %} "
            "SELECT count(*) FROM shop.events WHERE event = {{String(event, '')}}", {"event": "view"}, ["2"]),
    Example("guide", "a column for each value",
            "%\nSELECT day\n{% for last, x in enumerate_with_last(split_to_array(kinds, 'buy,view')) %}\n"
            ", sum(event = {{x}}) AS {{symbol(x + '_count')}}\n{% end %}\nFROM shop.events GROUP BY day ORDER BY day LIMIT 2",
            {}, ["2026-01-01,1,1", "2026-01-02,1,0"]),
    Example("guide", "what a list holds",
            "% SELECT {% if 'city' in split_to_array(cols, 'city,event') %} city {% else %} event {% end %} FROM shop.events "
            "WHERE code = 120", {"cols": "event,code"}, ["cart"]),
    Example("guide", "a map and a tuple",
            *count("code IN {{ {'low': (101, 102), 'high': (110, 120)}[kind] }}", kind="low"), ["3"]),
    Example("guide", "methods of texts",
            "% SELECT {% if x.startswith('sum') %} sum({{symbol(x.split('_', 1)[1])}}) {% else %} count(*) {% end %} "
            "FROM shop.events", {"x": "sum_amount"}, ["15"]),
    Example("language", "a whole endpoint",
            "%\nSELECT city, count(*) AS views\nFROM shop.events\nWHERE at >= {{DateTime(start_date)}}\n"
            "  AND at < {{DateTime(end_date)}}\n  AND event = {{String(event, 'buy')}}\nGROUP BY city\n"
            "ORDER BY views DESC, city\nLIMIT {{Int32(limit, 10)}}",
            {"start_date": "2026-01-01", "end_date": "2026-01-31 00:00:00"}, ["Oslo,1", "Rome,1"]),
    Example("language", "if, elif, else",
            "% SELECT {% if Int32(n, 0) > 10 %} 'many' {% elif Int32(n, 0) > 1 %} 'some' {% else %} 'few' {% end %}",
            {"n": 5}, ["some"]),
    Example("language", "for, over a list",
            "% SELECT count(*) FROM shop.events WHERE 0 {% for c in Array(cities, 'String', 'Rome,Lima') %} "
            "OR city = {{c}} {% end %}", {}, ["3"]),
    Example("language", "a comment", "% {# for people #} SELECT 1 {% comment 'for people, too' %}", {}, ["1"]),
    Example("reuse", "a list of texts with its default in the place of its type",
            *count("city IN {{Array(cities, 'Rome')}}"), ["2"]),
    Example("reuse", "a table by its name", "% SELECT count(*) FROM {{table('shop.events')}}", {}, ["5"]),
    Example("variables", "a secret", *count("city = {{tb_secret('home')}}"), ["2"]),
    Example("variables", "a secret as a number", *count("code = CAST({{tb_secret(\"code\")}} AS INTEGER)"), ["2"]),
    Example("variables", "a secret with a default", *count("city = {{tb_secret('none', 'Lima')}}"), ["1"]),
    Example("glossary", "a required text, an Array in IN, a limit",
            "%\nSELECT city, count(*) AS n FROM shop.events WHERE event = {{ String(event, required=True) }}\n"
            "  AND city IN {{ Array(cities, 'String', default=['Rome','Oslo']) }}\nGROUP BY city ORDER BY city\n"
            "LIMIT {{ Int32(limit, 10) }}", {"event": "view"}, ["Oslo,1", "Rome,1"]),
]
# What stands in the documentation and is not for SQLite, or not for a template.
NOT_HERE = [
    ("functions", "arrayJoin(arrayMap(x -> ..., {{split_to_array(...)}}))", "SQLite has no lambdas and no arrays as values"),
    ("functions", "SELECT {{split_to_array(...)}} as a column", "SQLite has no arrays as values"),
    ("guide", "ANY LEFT JOIN, joinGet", "they belong to ClickHouse's join tables"),
    ("language", "SQL templates in connection and data source files", "they are the client's, which fills them in itself"),
    ("reuse", "INCLUDE of files with variables", "it is the client's, which fills it in itself"),
    ("variables", "postgresql(..., {{tb_secret('pg_password')}}), iceberg(...)", "SQLite reads no other databases"),
    ("glossary", "now() - INTERVAL {{Int32(hours, 24)}} HOUR", "SQLite's SQL has no INTERVAL"),
]


@pytest.fixture(scope="module")
def shop(binary, tmp_path_factory):
    from support.sluice import Sluice
    folder = tmp_path_factory.mktemp("examples")
    with sqlite3.connect(folder / "shop.db") as database:
        database.executescript(SHOP)
    sluice = Sluice(binary, folder / "sluice", attach={"shop": folder / "shop.db"}).start()
    sluice.make_local()
    for name, value in (("home", "Rome"), ("code", "101")):
        sluice.api("POST", "/v0/variables", data={"name": name, "value": value})
    yield sluice
    sluice.end()


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[f"{one.page}: {one.shows}" for one in EXAMPLES])
def test_an_example_of_the_documentation(shop, number):
    example = EXAMPLES[number]
    pipe = f"example_{number}"
    shop.make_pipe(pipe, example.sql)
    shop.make_sink(pipe, connection="disk", path=f"local://{pipe}", file_template="all", csv_header="false",
                   empty_result="write")
    if isinstance(example.rows, str):
        shop.refusal("POST", f"/v0/pipes/{pipe}/sink", 400, example.rows, data=example.parameters)
        return
    shop.wait(shop.run(pipe, **example.parameters))
    text = shop.local_files()[f"{pipe}/all.csv"].decode()
    assert [",".join(row) for row in csv.reader(io.StringIO(text))] == example.rows


def test_what_is_not_here_is_said(capsys):
    pages = {one.page for one in EXAMPLES} | {page for page, _, _ in NOT_HERE}
    assert pages == set(PAGES)
    with capsys.disabled():
        print(f"\n{len(EXAMPLES)} examples of {len(PAGES)} pages of the public documentation are run; these are not:")
        for page, what, why in NOT_HERE:
            print(f"- {PAGES[page]}: {what}: {why}.")
