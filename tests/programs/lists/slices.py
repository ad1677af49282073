a = list(range(10))
print(a[2:5], a[:3], a[7:], a[:], a[::3], a[::-1], a[8:2:-2], a[-3:], a[:-7], a[5:2], a[-100:100], a[2:2], a[True:False:-1])
a[2:5] = ["x"]; print(a)
a[1:1] = [10, 11]; print(a)
a[:2] = []; print(a)
a[len(a):] = [99]; print(a)
a[::2] = [0] * len(a[::2]); print(a)
a[-2:] = "ab"; print(a)
a[:] = range(5); print(a)
a[3:1] = ["in"]; print(a)
del a[1]; print(a)
del a[::2]; print(a)
del a[:]; print(a)
a = list(range(12))
del a[1:10:3]; print(a)
del a[::-2]; print(a)
a[1:3] = a; print(a)
a[::-1] = a[:]; print(a)
a[0], a[1] = a[1], a[0]; print(a)
s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), slice(None).indices(3), slice(None, None, -1).indices(4), list(range(20))[s], s == slice(1, 10, 2), slice(5), hash(slice(1)) == hash(slice(1)))


class Show:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


o = Show()
print(o[1], o[1:2], o[::], o[1:2, 3], o[..., None], o[()], o["a":"b":"c"], o[1, ], o[*[1, 2], 3])
o[1:2] = 5; o[0, 1] = 6; del o[::2]; o[1] = o[2] = 7
for statement in ("a[::2] = [1]", "a[0:1] = 5", "a[::0]", "a['x':]", "a[1:2.5]", "del a[99]", "a[99] = 1", "a[::0] = []", "slice()", "del a['x']", "a[0:1] += 3", "a[5:1:-1] = 'toolong!'", "slice(1).indices(-1)"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
