# The nearest base that is a sequence or a mapping decides which patterns a class matches.
import collections
import collections.abc


class Plain:
    pass


def kind(value):
    match value:
        case [*_]:
            return 'sequence'
        case {}:
            return 'mapping'
    return None


for bases in [
    (collections.UserDict, collections.abc.Sequence), (Plain, collections.UserDict, collections.abc.Sequence),
    (collections.UserDict, Plain, list), (dict, collections.abc.Sequence, Plain), (collections.UserList, collections.abc.Mapping),
    (Plain, collections.UserList, collections.abc.Mapping), (list, Plain, collections.abc.Mapping), (collections.UserList, dict, Plain), (Plain,), (tuple,),
]:
    try:
        made = type('Made', bases, {'__abstractmethods__': frozenset()})
        made.__abstractmethods__ = frozenset()
        print([base.__name__ for base in bases], kind(made()))
    except TypeError as error:
        print(type(error).__name__, error)


class Later:
    pass


class Below(Later):
    pass


print(kind(Below()))
collections.abc.Sequence.register(Later)
print(kind(Below()), kind(Later()))
collections.abc.Mapping.register(Later)
print(kind(Later()))
