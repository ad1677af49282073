"""Records hashes and random streams for tests/hash.rs, as lines of words.

Run with any 64-bit CPython (these algorithms are the same since 3.8): python record_hash.py > data/hash.txt
"""
import random
import struct
import sys

assert sys.hash_info.width == 64
rng = random.Random(7)


def bits(x):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0]


def ints():
    return rng.choice((rng.randint(-9, 9), rng.getrandbits(64), -rng.getrandbits(62), rng.getrandbits(300), -rng.getrandbits(700),
                       (1 << 61) - 1, 1 << 61, -(1 << 61), -1, -2, (1 << 61) * 7 - 8))


def finite():
    x = struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]
    return rng.choice((x if x == x else 0.5, rng.uniform(-10, 10), float(rng.randint(-99, 99)), float("inf"), -float("inf"), -0.0))


for _ in range(150):
    a = ints()
    print("int", "%x" % a, hash(a))
    x, y = finite(), finite()
    print("float", bits(x), hash(x))
    print("complex", bits(x), bits(y), hash(complex(x, y)))
    items = [ints() for _ in range(rng.randint(0, 8))]
    hashes = ",".join(str(hash(item)) for item in items) or "-"
    print("tuple", hashes, hash(tuple(items)))
    print("set", ",".join(str(hash(item)) for item in set(items)) or "-", hash(frozenset(items)))
for seed in (0, 1, -1, 42, 2**32 - 1, 2**32, 2**64 + 12345, 3**400, -(5**200)):
    generator = random.Random(seed)
    words = [generator.getrandbits(32) for _ in range(3)] + [generator.getrandbits(k) for k in (1, 31, 33, 64, 65, 100, 1000)]
    print("random", "%x" % seed, ",".join("%x" % word for word in words), ",".join(bits(generator.random()) for _ in range(700)))
