# Classes of collections.abc: registration, and which patterns their subclasses match.
import abc
import collections
import collections.abc

print(abc.ABCMeta.__module__, '_py_abc' in abc.ABCMeta.__new__.__code__.co_filename)


class Seq(collections.abc.Sequence):
    def __getitem__(self, index):
        return index

    def __len__(self):
        return 3


class Late:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return 'late'[index]


class Child(Late):
    pass


def kind(value):
    match value:
        case []:
            return 'empty'
        case [x, *_, y]:
            return 'sequence', x, y
        case {'a': x, **rest}:
            return 'mapping', x, rest
        case _:
            return 'neither'


print(kind(Seq()), kind(Late()), kind(Child()))
collections.abc.Sequence.register(Late)
print(kind(Late()), kind(Child()))
print(kind(collections.UserDict(a=1, b=2)), kind(collections.UserList([1, 2])), kind('ab'), kind(b'ab'), kind({1}))
print(kind(collections.ChainMap({'a': 5})), kind(collections.OrderedDict(a=1)), kind(collections.deque([1, 2])), kind(range(3)))
print(issubclass(Child, collections.abc.Sequence), isinstance(Child(), collections.abc.Sequence))
print([cls.__flags__ >> 5 & 3 for cls in (Seq, Late, collections.abc.Mapping, collections.UserDict, list, dict, str)])
