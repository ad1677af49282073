# __eq__ that changes the dict during the look-up.
class Meddler:
    armed = False

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if Meddler.armed:
            Meddler.armed = False
            table.clear()
            for n in range(20):
                table[n] = n
        return self is other


table = {}
a, b, c = Meddler("a"), Meddler("b"), Meddler("c")
table[a] = "a"
table[b] = "b"
Meddler.armed = True
print(table.get(c, "absent"), len(table))
Meddler.armed = True
table[a] = 1
print(len(table), table[a])


class Grow:
    def __hash__(self):
        return 3

    def __eq__(self, other):
        grown.update({n + 100: n for n in range(50)})
        return False


grown = {}
grown[Grow()] = 1
grown[Grow()] = 2
print(len(grown), grown[149])
print(3 in grown)
