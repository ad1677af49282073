# The truth of an operand is asked for once, however `and`, `or` and `not` nest.
class Truth:
    def __init__(self, name, value):
        self.name, self.value, self.asked = name, value, 0

    def __bool__(self):
        self.asked += 1
        return self.value

    def __repr__(self):
        return self.name


FORMS = [
    lambda a, b, c, d: a and b or c or d,
    lambda a, b, c, d: a or b and c or d,
    lambda a, b, c, d: (a or b) and (c or d),
    lambda a, b, c, d: (a and b) or (c and d),
    lambda a, b, c, d: a and (b or (c and d)),
    lambda a, b, c, d: (a and b) and (c or d),
    lambda a, b, c, d: not (a and b or c) or d,
    lambda a, b, c, d: ((a or b) and c) or d,
    lambda a, b, c, d: [1, 2][bool(a or b and c)] and d,
]
for number, form in enumerate(FORMS):
    for bits in range(16):
        operands = [Truth('abcd'[i], bool(bits >> i & 1)) for i in range(4)]
        print(number, f'{bits:04b}', form(*operands), [operand.asked for operand in operands])


def branches(a, b, c, d):
    x = a and b or c
    if x and (c or d):
        return 'yes', x
    while not (a or b) and d:
        return 'loop', x
    return 'no', x


for bits in range(16):
    operands = [Truth('abcd'[i], bool(bits >> i & 1)) for i in range(4)]
    print(branches(*operands), [operand.asked for operand in operands])
