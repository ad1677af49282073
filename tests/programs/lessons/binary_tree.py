class Tree:
    def __init__(self):
        self.root = None
        self.size = 0

    def insert(self, key, value=None):
        new = {"key": key, "value": value, "left": None, "right": None}
        if self.root is None:
            self.root = new
        node = self.root
        while node is not new:
            if key == node["key"]:
                node["value"] = value
                return
            side = "left" if key < node["key"] else "right"
            if node[side] is None:
                node[side] = new
            node = node[side]
        self.size += 1

    def __getitem__(self, key):
        node = self.root
        while node:
            if key == node["key"]:
                return node["value"]
            node = node["left" if key < node["key"] else "right"]
        raise KeyError(key)

    def walk(self, node="root"):
        node = self.root if node == "root" else node
        if node:
            yield from self.walk(node["left"])
            yield node["key"]
            yield from self.walk(node["right"])

    def depth(self, node="root"):
        node = self.root if node == "root" else node
        return 0 if node is None else 1 + max(self.depth(node["left"]), self.depth(node["right"]))


t = Tree()
for i, word in enumerate("the quick brown fox jumps over the lazy dog".split()):
    t.insert(word, i)
print(list(t.walk()), t.size, t.depth(), t["the"], t["fox"])
print([w for w in t.walk() if len(w) == 3])
numbers = Tree()
x = 7
for _ in range(100):
    x = (x * 75 + 74) % 65537
    numbers.insert(x)
keys = list(numbers.walk())
print(keys == sorted(keys), len(keys), numbers.depth())
t["cat"]
