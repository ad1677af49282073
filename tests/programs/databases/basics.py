# Connections, cursors, parameters, rows, transactions and errors of sqlite3.
import sqlite3

con = sqlite3.connect(":memory:")
cur = con.cursor()
cur.execute("create table movie(title text, year integer, score real)")
print(cur.description, cur.rowcount, cur.lastrowid)
rows = [("Life of Brian", 1979, 8.0), ("Brazil", 1985, 7.9), ("Jabberwocky", 1977, 6.1)]
cur.executemany("insert into movie values(?, ?, ?)", rows)
print(cur.rowcount, con.in_transaction, con.total_changes)
con.commit()
print(con.in_transaction)
for row in cur.execute("select year, title from movie order by year"):
    print(row)
print(cur.execute("select * from movie where year = :y", {"y": 1985}).fetchall())
print([c[0] for c in cur.description])
cur.execute("select title from movie order by title")
print(cur.fetchone(), cur.fetchmany(1), cur.fetchmany(9), cur.fetchone())
cur.arraysize = 2
print(cur.execute("select 1 union select 2 union select 3").fetchmany())

# Values
values = [None, 7, -2**63, 2**63 - 1, 2.5, "äöü\0x", b"\0\1", bytearray(b"ab"), memoryview(b"cd"), True]
for value in values:
    print(con.execute("select ?, typeof(?)", (value, value)).fetchone())
print(con.execute("select ?2, ?1", (1, 2)).fetchone())

# Row
con.row_factory = sqlite3.Row
row = con.execute("select title as T, year from movie").fetchone()
print(row["t"], row[1], row[-2], row[0:1], len(row), row.keys(), tuple(row), dict(row))
for key in ("no", 5, 1.5):
    try:
        row[key]
    except IndexError as error:
        print(error)
print(row == con.execute("select title as T, year from movie").fetchone(), hash(row) == hash(row))
con.row_factory = lambda cursor, row: {c[0]: v for c, v in zip(cursor.description, row)}
print(con.execute("select 1 as a, 2 as b").fetchone())
con.row_factory = None

# Texts
con.text_factory = bytes
print(con.execute("select 'é'").fetchone())
con.text_factory = lambda data: data.decode("latin-1")
print(con.execute("select 'é'").fetchone())
con.text_factory = str
try:
    con.execute("select cast(x'ff41' as text) as bad").fetchone()
except sqlite3.OperationalError as error:
    print(error)

# Transactions
with con:
    con.execute("insert into movie values('Time Bandits', 1981, 6.9)")
try:
    with con:
        con.execute("delete from movie")
        1 / 0
except ZeroDivisionError:
    print(con.execute("select count(*) from movie").fetchone())
con.isolation_level = None
con.execute("insert into movie values('x', 1, 1)")
print(con.in_transaction)
con.isolation_level = "IMMEDIATE"
con.execute("delete from movie where title = 'x'")
print(con.in_transaction)
con.rollback()
print(con.execute("select count(*) from movie").fetchone())
con.executescript("""
    begin;
    create table t(a, b);   -- a comment
    insert into t values(1, 'one');
    insert into t values(2, 'two; three');
    commit;
""")
print(con.execute("select * from t").fetchall())
print(list(con.iterdump())[:3])

# Errors
def attempt(*args, call=con.execute):
    try:
        print(call(*args))
    except Exception as error:
        code = getattr(error, "sqlite_errorname", None)
        print(f"{type(error).__module__}.{type(error).__qualname__}: {error} {code}")

con.execute("create table u(k integer primary key, v text not null unique, check(v <> ''))")
con.execute("insert into u values(1, 'a')")
attempt("selec 1")
attempt("select * from nowhere")
attempt("insert into u values(1, 'b')")
attempt("insert into u values(2, 'a')")
attempt("insert into u values(2, null)")
attempt("insert into u values(2, '')")
attempt("select 1; select 2")
attempt("select ?")
attempt("select ?", (1, 2))
attempt("select :a", {})
attempt("select ?", {"a": 1})
attempt("select ?", 5)
attempt("select ?", [object()])
attempt("select ?", [2**70])
attempt("select ?", ["\ud800"])
attempt("select 1\0")
attempt(5)
attempt("select 1", [], call=con.executemany)
attempt(call=con.cursor().execute)
attempt("file:nowhere?mode=ro", call=lambda name: sqlite3.connect(name, uri=True))
attempt("/no/such/folder/x.db", call=sqlite3.connect)
cur.close()
attempt("select 1", call=cur.execute)
con.close()
attempt("select 1")
attempt(call=con.commit)
print([name for name in dir(sqlite3) if name.endswith("Error")])
print(issubclass(sqlite3.IntegrityError, sqlite3.DatabaseError), sqlite3.Error.__mro__[1])
print(sqlite3.paramstyle, sqlite3.apilevel, sqlite3.complete_statement("select 1;"), sqlite3.SQLITE_CONSTRAINT_UNIQUE)
