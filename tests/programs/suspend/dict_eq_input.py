# A dict look-up with a user-defined __eq__ that calls input(): the look-up itself must be able to wait.
class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 7

    def __eq__(self, other):
        answer = input(f"{self.name} == {other.name}? ")
        return answer == "y"

    def __repr__(self):
        return f"Key({self.name})"


table = {}
table[Key("a")] = 1
table[Key("b")] = 2
table[Key("c")] = 3
print(len(table), table)
print(table[Key("d")])
print(Key("e") in table)
print(table.get(Key("f"), "none"))
table[Key("g")] = 4
print(list(table.values()))
del table[Key("h")]
print(list(table))
print({Key("p"), Key("q")})
print(table.setdefault(Key("s"), 9))
print(table.pop(Key("t"), "gone"))
print([Key("u")].count(Key("v")), [Key("w")] == [Key("x")])
try:
    table[Key("end")]
except EOFError as error:
    print("eof:", error)
print(len(table))
