def a(x):
    return b(x, y=2)


def b(x, y):
    values = {"key": [1, 2, 3]}
    return values["key"][x] + y


print(a(1))
print("before")
a(10)
