class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]
        if len({len(r) for r in self.rows}) != 1:
            raise ValueError("rows differ in length")

    @classmethod
    def identity(cls, n):
        return cls([[int(i == j) for j in range(n)] for i in range(n)])

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum(a * b for a, b in zip(row, col)) for col in columns] for row in self.rows])

    def __pow__(self, n):
        result, base = Matrix.identity(len(self.rows)), self
        while n:
            if n & 1:
                result = result @ base
            base, n = base @ base, n >> 1
        return result

    def __getitem__(self, key):
        i, j = key
        return self.rows[i][j]

    def __eq__(self, other):
        return self.rows == other.rows

    def transpose(self):
        return Matrix(zip(*self.rows))

    def det(self):
        if len(self.rows) == 1:
            return self.rows[0][0]
        return sum((-1) ** j * self[0, j] * Matrix([r[:j] + r[j + 1:] for r in self.rows[1:]]).det() for j in range(len(self.rows)))

    def __repr__(self):
        return "\n".join(" ".join(f"{v:4}" for v in r) for r in self.rows)


m = Matrix([[1, 2], [3, 4]])
print(m, m @ m, m ** 5, m.transpose(), sep="\n--\n")
print(m == Matrix([[1, 2], [3, 4]]), m[1, 0], Matrix([[2, 0, 1], [1, 3, 2], [1, 1, 4]]).det())
print((Matrix([[1, 1], [1, 0]]) ** 90)[0, 1])
try:
    Matrix([[1], [1, 2]])
except ValueError as error:
    print(error)
m[5, 5]
