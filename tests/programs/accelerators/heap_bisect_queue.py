import heapq, queue, _queue
from heapq import *
from bisect import *
import random
random.seed(5)
data = [random.randrange(1000) for _ in range(300)]
for push, pop, fy, key in ((heappush, heappop, heapify, None), (heappush_max, heappop_max, heapify_max, True)):
    h = []
    for x in data: push(h, x)
    print(h[:10]); h2 = data[:]; fy(h2); print(h2[:10])
    assert [pop(h) for _ in data] == sorted(data, reverse=bool(key)) == [pop(h2) for _ in data]
h = [3, 1, 2]; heapify(h)
print(heapreplace(h, 5), h, heappushpop(h, 0), heappushpop(h, 9), h, heappushpop([], 4), heappushpop_max([3], 5), heappushpop_max([3], 1), heapreplace_max([3, 1], 2))
print(nlargest(3, data), nsmallest(3, data), list(merge([1, 4], [2, 3])), nlargest(2, ["a", "ccc", "bb"], key=len))
class L:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
h = []
for x in data[:50]: heappush(h, L(x))
assert [heappop(h).v for _ in range(50)] == sorted(data[:50])
h = [(1, "b"), (1, "a")]; heapify(h); print(h)
class Bad:
    def __lt__(self, o): h.clear(); return True
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__, e)
h = [Bad(), Bad(), Bad()]
t(heapify, h)
t(heappop, []); t(heapreplace, [], 1); t(heappush, (1,), 2); t(heappop, 5); t(heappush, []); t(heapify, None); t(heappop, [1, 2, "x"]); t(heappush, [1], "x")
a = [1, 2, 2, 2, 5]
print(bisect_left(a, 2), bisect_right(a, 2), bisect(a, 9), bisect_left(a, 2, 2), bisect_right(a, 2, 0, 2), bisect_left(a, -4, key=lambda x: -x), bisect_left(range(100), 50), bisect_left("abcd", "c"))
insort(a, 3); insort_left(a, 2); insort_right(a, 6, key=lambda x: x * 2); print(a)
from collections import deque, UserList
d = UserList([1, 3]); insort(d, 2); print(d)
t(bisect_left, a, 1, -1); t(bisect_left, a, "x"); t(bisect_left, 5, 1); t(bisect_left, a); t(insort, (1,), 2); t(bisect_left, a, 1, 0, 99)
print([bisect_left([L(1), L(3)], L(v)) for v in range(5)])
q = queue.SimpleQueue()
q.put(1); q.put_nowait(2); q.put(3, block=False, timeout=1)
print(q.qsize(), q.empty(), q.get(), q.get(block=False), q.get_nowait(), q.empty(), queue.Empty is _queue.Empty, queue.Empty.__module__)
for f in (lambda: q.get(block=False), q.get_nowait, lambda: q.get(timeout=-1), lambda: q.get(timeout=0), lambda: q.get(timeout=0.001)):
    try: f()
    except Exception as e: print(type(e).__name__, e)
print(queue.SimpleQueue[int])
