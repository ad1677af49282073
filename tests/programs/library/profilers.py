# cProfile and profile: how often functions were called. Times differ from run to run.
import cProfile
import io
import profile
import pstats
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work():
    return [fib(5), sorted([3, 1, 2]), len('abc')]


def counts(profiler):
    stats = pstats.Stats(profiler, stream=io.StringIO())
    return sorted((name, total, primitive) for (file, line, name), (primitive, total, *_) in stats.stats.items() if name in ('fib', 'work'))


p = cProfile.Profile()
print(p.runcall(work), counts(p))
with cProfile.Profile() as p:
    work()
    fib(3)
print(counts(p))
p = cProfile.Profile()
p.enable()
fib(2)
p.disable()
fib(9)
print(counts(p))
p = profile.Profile()
p.runcall(work)
print(counts(p))
out, sys.stdout = sys.stdout, io.StringIO()
cProfile.runctx('work()', globals(), {}, sort='ncalls')
text, sys.stdout = sys.stdout.getvalue(), out
print('function calls' in text, 'ncalls  tottime' in text, '15/1' in text)
p = cProfile.Profile()
p.run('x = 1')
p.dump_stats('profile.out')
print(type(pstats.Stats('profile.out')).__name__)
