# What goes wrong with containers, and in which words.
class BadHash:
    def __hash__(self):
        raise TypeError('no hash today')

class OddHash:
    def __hash__(self):
        raise TypeError(1, 2)

class TextHash:
    def __hash__(self):
        return 'text'

class ValueHash:
    def __hash__(self):
        raise ValueError('bad')

class NotIterator:
    def __iter__(self):
        return 3

class Length:
    def __init__(self, value):
        self.value = value
    def __len__(self):
        return self.value

class NoHash:
    __hash__ = None

class NoIter:
    __iter__ = None
    __contains__ = None

class OddBool:
    def __bool__(self):
        return 3

class Plain:
    pass

class Items:
    def __getitem__(self, index):
        return index

class Unreversible:
    __reversed__ = None

x = [1, 2, 3]
for text in r'''
{BadHash(): 1}
{OddHash(): 1}
{ValueHash(): 1}
{TextHash(): 1}
{NoHash(): 1}
{NoHash()}
hash(TextHash())
hash(NoHash())
hash([])
hash((1, []))
{}[[]]
[] in {}
{}.get([])
{}.pop([])
{}.setdefault([], 1)
dict.fromkeys([[]])
{(1, []): 2}
{1: 2}[3]
{}.pop(3)
{}.popitem()
Plain()[0]
Plain[0]
int[0]
Items()['a']
len(1)
len(Plain())
len(Length(-1))
len(Length('a'))
len(Length(1 << 70))
bool(Length(-1))
bool(OddBool())
1 in Plain()
1 in NoIter()
1 in 5
iter(NoIter())
iter(NotIterator())
iter(5)
iter(1, 2)
next(5)
next([])
next(iter([]))
next(iter([]), 'default')
[].pop()
[1].pop(5)
[1].pop('a')
[1].pop(1 << 70)
[1].insert(1 << 70, 2)
[1][3]
[1]['a']
[1][1.5]
[1][1 << 70]
[1][None]
[1][::0]
[1][1:'a']
[1].index(2)
[1].index(1, 'a')
[1].remove(2)
(1,).index(2)
()[1]
()['a']
()[1 << 70]
[1] + (1,)
(1,) + [1]
[1] * 'a'
[1] * 2.5
'a' * [1]
[1] < 1
[1, 'a'] < [1, 2]
{} < {}
{} | [1]
dict([1])
dict([(1, 2, 3)])
dict([(1, 2), 'abc'])
dict(1)
dict(1, 2)
{}.update(1)
range()
range(1.5)
range(1, 2, 0)
range(1, 2, 3, 4)
range(3)[5]
range(3)['a']
range(3).index(7)
range(3).index('a')
len(range(1 << 70))
range(1 << 70)[1 << 71]
slice()
slice(1, 2, 3, 4)
slice(1, 2, 0).indices(3)
slice(1, 2).indices(-1)
slice('a').indices(3)
list(1)
list(1, 2)
list(a=1)
tuple(a=1)
tuple(1, 2)
[].append()
[].append(1, 2)
[].insert(1)
[].sort(1)
[].sort(k=1)
[1, 'a'].sort()
sorted()
sorted([], 1)
sorted([], foo=1)
sorted([3, 'a', None])
sorted(5)
min()
max()
min([])
max((), default=3)
min(1)
min(1, 2, default=3)
max([1, 'a'])
max(1, 2, foo=3)
sum(['a'], '')
sum([b'a'], b'')
sum(1)
sum(['a'])
sum([[1]], [])
any(1)
all(1)
any()
enumerate(1)
enumerate([], 'a')
zip(1)
zip([1], 2)
list(zip([1], [], strict=True))
list(zip([], [1], strict=True))
list(zip([1], [1], [1, 2], strict=True))
list(zip([1, 2], [1, 2], [1], strict=True))
map()
map(1)
map(1, 2)
list(map(1, [2]))
list(map(lambda a, b: a, [1], [1, 2], strict=True))
list(map(lambda a, b: a, [1, 2], [1], strict=True))
filter()
filter(1, 2)
reversed(1)
reversed({1})
reversed(Items())
reversed(Unreversible())
{1: 2}.keys()[0]
{}.keys() | 1
{}.keys() < 1
{1: 2}.keys() | [3]
hash({}.keys())
hash(slice(1, []))
None < None
'''.strip().splitlines():
    try:
        print(text, '->', eval(text))
    except BaseException as error:
        print(text, '->', type(error).__name__, error.args)

for text in '''
a, b = 1
a, b = [1]
a, b = [1, 2, 3]
a, b = iter([1, 2, 3])
a, *b, c = [1]
a, *b = []
a, b = {1: 2, 3: 4, 5: 6}
a, b = (i for i in range(5))
(a, b), c = [1, 2]
x = 1; x[0] = 1
x = 1; del x[0]
x = (1,); x[0] = 1
x = (1,); del x[0]
x = 'a'; x[0] = 'b'
x = range(3); del x[0]
x = {1}; x[0] = 1
x = [1]; x[3] = 1
x = [1]; del x[3]
x = [1]; x['a'] = 1
x = [1, 2, 3]; x[::2] = [1]
x = [1, 2, 3]; x[::2] = 1
x = [1, 2, 3]; x[0:1] = 1
x = [1]; x += 1
x = {}; x |= 1
x = {}; x |= [(1, 2, 3)]
x = {}; del x[1]
x = {}; del x[[]]
for i in 3: pass
x = Plain(); x[1] = 2
x = Plain(); del x[1]
'''.strip().splitlines():
    try:
        exec(text)
        print(text, '-> fine')
    except BaseException as error:
        print(text, '->', type(error).__name__, error.args)
