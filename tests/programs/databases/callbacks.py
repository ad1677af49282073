# Functions, aggregates, window functions, collations, authorizers, handlers: SQLite calls Python.
import sqlite3

con = sqlite3.connect(":memory:")
con.execute("create table n(i integer, s text)")
con.executemany("insert into n values(?, ?)", [(i, chr(96 + i)) for i in range(1, 8)])

con.create_function("twice", 1, lambda x: x * 2)
con.create_function("count_args", -1, lambda *args: len(args), deterministic=True)
print(con.execute("select twice(i), twice(s) from n where twice(i) > 8").fetchall())
print(con.execute("select count_args(), count_args(1, 2, null)").fetchone())
for result in (None, 5, 2.5, "té", b"by"):
    con.create_function("give", 0, lambda: result)
    print(con.execute("select give()").fetchone())

# A function that itself uses the connection.
def lookup(i):
    return con.execute("select s from n where i = ?", (i,)).fetchone()[0]
con.create_function("lookup", 1, lookup)
print(con.execute("select lookup(8 - i) from n").fetchall())

# Generators and deep calls within a function.
def triangle(n):
    return sum(k for k in range(n + 1))
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)
con.create_function("triangle", 1, triangle)
con.create_function("deep", 1, deep)
print(con.execute("select triangle(i), deep(i * 50) from n").fetchall())

class Joined:
    def __init__(self):
        self.parts = []
    def step(self, text, separator):
        self.parts.append(text)
        self.separator = separator
    def finalize(self):
        return self.separator.join(self.parts)
con.create_aggregate("joined", 2, Joined)
print(con.execute("select i % 3, joined(s, '-') from n group by i % 3").fetchall())

class WindowSum:
    def __init__(self):
        self.total = 0
    def step(self, x):
        self.total += x
    def inverse(self, x):
        self.total -= x
    def value(self):
        return self.total
    def finalize(self):
        return self.total
con.create_window_function("wsum", 1, WindowSum)
print(con.execute("select wsum(i) over (order by i rows between 1 preceding and 1 following) from n").fetchall())

con.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(con.execute("select s from n order by s collate backwards").fetchall())
con.create_collation("backwards", None)

def attempt(sql):
    try:
        print(con.execute(sql).fetchall())
    except Exception as error:
        print(type(error).__name__, error)
attempt("select s from n order by s collate backwards")
con.create_function("bad", 0, lambda: 1 / 0)
con.create_function("odd", 0, lambda: object())
attempt("select bad()")
attempt("select odd()")
attempt("select twice(1, 2)")
con.create_aggregate("half", 1, type("Half", (), {"step": lambda self, x: None}))
attempt("select half(i) from n")

# Tracebacks of callbacks
import sys
sys.unraisablehook = lambda args: print("unraisable", args.exc_type.__name__, args.exc_value)
sqlite3.enable_callback_tracebacks(True)
attempt("select bad()")
sqlite3.enable_callback_tracebacks(False)

# Authorizer
asked = []
def authorizer(action, a, b, database, trigger):
    asked.append((action, a, b, database, trigger))
    if action == sqlite3.SQLITE_READ and b == "s":
        return sqlite3.SQLITE_IGNORE
    if action == sqlite3.SQLITE_DELETE:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
con.set_authorizer(authorizer)
attempt("select i, s from n where i < 3")
attempt("delete from n")
print(asked)
con.set_authorizer(None)

# Trace and progress
statements = []
con.set_trace_callback(statements.append)
con.execute("select i from n where i = ?", (3,)).fetchall()
con.set_trace_callback(None)
print(statements)
calls = 0
def progress():
    global calls
    calls += 1
    return calls > 20
con.set_progress_handler(progress, 100)
attempt("with recursive c(x) as (select 1 union all select x + 1 from c) select max(x) from c")
print(calls)
con.set_progress_handler(None, 100)

# Adapters and converters
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
sqlite3.register_adapter(Point, lambda p: f"{p.x};{p.y}")
sqlite3.register_converter("point", lambda data: Point(*map(int, data.split(b";"))))
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
typed.execute("create table p(at point)")
typed.execute("insert into p values(?)", (Point(1, 2),))
print(typed.execute("select at from p").fetchone())
print(typed.execute("select '3;4' as \"q [point]\"").fetchone())
class Conforming:
    def __conform__(self, protocol):
        return "conform" if protocol is sqlite3.PrepareProtocol else None
print(typed.execute("select ?", (Conforming(),)).fetchone())
typed.close()
con.close()
