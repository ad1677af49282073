def f(x):
    y = x + (x := 5)
    z = [x, (x := 2), x]
    if (n := len(z)) > 1 and x < (x := n) < 9:
        return n, y
    while line := x():
        print(line)
    return f(x, (x := 1))
def comp(data):
    total = 0
    parts = [total := total + v for v in data]
    return total, parts
