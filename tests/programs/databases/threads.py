# oracle: native
# Functions that wait, in several threads; a lock that another thread's connection holds.
import os
import sqlite3
import tempfile
import threading
import time

results = {}
def work(k):
    con = sqlite3.connect(":memory:")
    def slow(x):
        time.sleep(0.005 * ((x + k) % 3))
        return x * k
    con.create_function("slow", 1, slow)
    sql = "with recursive c(x) as (select 1 union all select x + 1 from c where x < 9) select sum(slow(x)) from c"
    results[k] = con.execute(sql).fetchone()[0]
    con.close()

threads = [threading.Thread(target=work, args=(k,)) for k in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print([results[k] for k in range(5)])

path = os.path.join(tempfile.mkdtemp(), "lock.db")
first = sqlite3.connect(path, check_same_thread=False)
second = sqlite3.connect(path, timeout=30)
first.execute("create table t(x)")
first.commit()
first.execute("insert into t values(1)")
def release():
    time.sleep(0.1)
    first.commit()
thread = threading.Thread(target=release)
thread.start()
second.execute("insert into t values(2)")
second.commit()
thread.join()
print(second.execute("select x from t").fetchall())

def elsewhere():
    try:
        second.execute("select 1")
    except sqlite3.ProgrammingError as error:
        print(str(error).split(".")[0])
thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
first.close()
second.close()
