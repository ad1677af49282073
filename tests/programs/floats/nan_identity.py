# NaNs have an identity: containers find the same one, not another.
nan, other = float("nan"), float("nan")
print(nan is nan, nan is other, nan == nan, [nan] == [nan], [nan] == [other], nan in [other], nan in (1, nan))
print(len({nan, nan}), len({nan, other}), {nan: 1}.get(nan), {nan: 1}.get(other), hash(nan) == hash(nan))
print(float(nan) is nan, +nan is nan, nan.real is nan, nan.conjugate() is nan, [nan, other].index(other), [nan, nan].count(nan))
import copy, pickle, struct
print(copy.copy(nan) is nan, copy.deepcopy([nan]) == [nan], struct.pack(">d", nan).hex(), struct.pack("<f", other).hex())
print(pickle.dumps(nan, 2), repr(nan), -nan, abs(nan))
inf = float("inf")
print([inf - inf] == [inf - inf], (nan, 1) == (nan, 1), (nan, 1) == (other, 1), sorted([nan]) == [nan], max([nan]) is nan)
try:
    complex(real="1")
except TypeError as error:
    print(error)
try:
    complex(real=None)
except TypeError as error:
    print(error)
print(complex(real=3), complex(real=1, imag=2), complex(imag=2))
