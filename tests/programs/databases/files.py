# Databases in files, several connections, copies, blobs.
import os
import sqlite3
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "data.db")
with sqlite3.connect(path) as con:
    con.execute("create table t(k integer primary key, v)")
    con.execute("insert into t(v) values('kept')")
con.close()
print(os.path.exists(path), open(path, "rb").read(15))

first, second = sqlite3.connect(path, timeout=0), sqlite3.connect(path, timeout=0)
first.execute("insert into t(v) values('mine')")
print(second.execute("select count(*) from t").fetchone())
try:
    second.execute("insert into t(v) values('theirs')")
except sqlite3.OperationalError as error:
    print(error, error.sqlite_errorname)
first.commit()
print(second.execute("select v from t").fetchall())
second.execute("update t set v = upper(v)")
second.rollback()
print(first.execute("select v from t").fetchall(), sorted(os.listdir(folder)))
second.close()

# A transaction that is not committed leaves nothing.
lost = sqlite3.connect(path)
lost.execute("delete from t")
lost.close()
print(first.execute("select count(*) from t").fetchone())

# Attached databases
other = os.path.join(folder, "other.db")
first.execute("attach ? as other", (other,))
first.execute("create table other.u as select v from t")
first.commit()
print(sqlite3.connect(other).execute("select * from u").fetchall())
first.execute("detach other")

# Copies
copy = sqlite3.connect(":memory:")
done = []
first.backup(copy, pages=1, progress=lambda *numbers: done.append(numbers))
print(copy.execute("select v from t").fetchall(), done[-1][0] == sqlite3.SQLITE_DONE)
data = copy.serialize()
again = sqlite3.connect(":memory:")
again.deserialize(data)
print(type(data), again.execute("select v from t").fetchall())
print("\n".join(copy.iterdump()))

# Limits and options
print(copy.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 20) > 20, copy.getlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH))
try:
    copy.execute("select 'longer than twenty'")
except sqlite3.DataError as error:
    print(error)
print(again.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY))
again.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY)
print(again.getconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY))

# autocommit
auto = sqlite3.connect(path, autocommit=False)
print(auto.in_transaction, auto.autocommit)
auto.execute("insert into t(v) values('auto')")
auto.commit()
print(auto.in_transaction)
auto.execute("delete from t")
auto.close()
auto = sqlite3.connect(path, autocommit=True)
auto.execute("insert into t(v) values('true')")
print(auto.in_transaction, auto.execute("select v from t").fetchall())
auto.close()
first.close()

os.remove(path)
print(os.listdir(folder))
try:
    sqlite3.connect(folder)
except sqlite3.OperationalError as error:
    print(error)
