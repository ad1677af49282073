# needs: toolz==1.2.0
import operator
from toolz import *
from toolz import curried

print(pipe(range(10), curried.filter(lambda x: x % 2), curried.map(lambda x: x * x), list), compose(str, abs)(-3), juxt(min, max)([3, 1, 2]))
add = curry(operator.add)
print(add(1)(2), groupby(len, ['a', 'bb', 'cc']), frequencies('abca'), list(partition(2, range(5))), list(partition_all(2, range(5))))
print(merge({'a': 1}, {'b': 2}), merge_with(sum, {'a': 1}, {'a': 2}), assoc({}, 'a', 1), assoc_in({}, ['a', 'b'], 1), update_in({'a': 1}, ['a'], lambda x: x + 1), dissoc({'a': 1}, 'a'))
print(get_in(['a', 0], {'a': [7]}), valmap(str, {1: 2}), keyfilter(lambda k: k > 1, {1: 1, 2: 2}), itemmap(reversed, {1: 2}), list(accumulate(operator.add, [1, 2, 3])))
print(list(sliding_window(2, range(4))), list(take(2, iterate(lambda x: x * 2, 1))), reduceby(lambda x: x % 2, operator.add, range(5), 0), list(interpose('-', 'abc')), topk(2, [1, 5, 3]))
calls = []
f = memoize(lambda x: calls.append(x) or x)
print(f(1), f(1), calls, thread_first(1, (add, 2), str), thread_last([1, 2], (map, str), list), do(print, 'x'), list(diff([1, 2], [1, 3])), list(join(len, ['a'], len, ['b', 'cc'])))


@curry
def three(a, b, *, c=3):
    """Doc."""
    return a, b, c


print(three(1)(2), three(c=5)(1, 2), three.__name__, three.__doc__, curried.get_in(['a'])({'a': 3}), excepts(ValueError, int, lambda _: 'bad')('x'))
print(peek([1, 2])[0], list(concat([[1], [2]])), list(mapcat(list, ['ab', 'c'])), unique([1, 1, 2]).__class__.__name__, isiterable('x'), isdistinct([1, 1]), countby(bool, [0, 1, 2]), pluck(0, [[1]]).__class__.__name__, complement(bool)(0), flip(operator.sub, 1, 5))
