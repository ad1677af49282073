# needs: more-itertools==11.2.1
from more_itertools import *

print(list(chunked(range(7), 3)), list(windowed(range(5), 3)), list(interleave_longest([1, 2, 3], 'ab')), first([], 0), one([5]))
print(list(split_at('abcdcba', lambda c: c == 'b')), list(consecutive_groups([1, 2, 4, 5, 7]))[0].__class__.__name__, list(collapse([1, [2, [3, 'x']]])))
p = peekable([1, 2, 3])
print(p.peek(), next(p), p[1], list(p), bool(p))
s = seekable(iter('abc'))
print(next(s), next(s), s.seek(0), list(s))
print(bucket('a1b2', key=str.isdigit)[True].__class__.__name__, dict(map_reduce(range(6), lambda x: x % 2, sum_ if 'sum_' in globals() else None)), list(sliding_window(range(4), 2)))
print(list(distinct_permutations('aab')), list(set_partitions('abc', 2)), list(powerset([1, 2])), nth_combination(range(5), 3, 5), list(partitions('abc')))
print(list(run_length.encode('aabccc')), list(spy(range(5), 2)[0]), ilen(range(9)), list(roundrobin('AB', 'C', 'DEF')), all_equal([1, 1]))
print(list(divide(2, range(5))[0]), list(stagger(range(3))), minmax([3, 1, 2]), list(sieve(20)), list(factor(360)), consume(iter(())))
print(numeric_range(0, 2, 0.5), list(numeric_range(0, 2, 0.5)), list(difference([1, 3, 6])), list(mark_ends('ab')), list(zip_offset('abc', 'abc', offsets=(0, 1))))
for call in (lambda: one([1, 2]), lambda: list(strictly_n([1], 2)), lambda: only([1, 2])):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
print(exactly_n([1, 0, 1], 2), list(adjacent(lambda x: x == 2, range(4))), list(groupby_transform('aAb', str.lower, str.upper, list)), locate([0, 1, 1], bool).__class__.__name__)
print(list(filter_except(int, ['1', 'x', '2'], ValueError)), sample.__name__, list(unique_everseen('AbBa', str.lower)), list(sort_together([(3, 1, 2), 'abc'])))
