# Powers and signs in one long expression nest only as deep as each operand.
x, y = 2, 3
print(eval(' + '.join(f'{n}*x**{n % 5}*-y**2' for n in range(900))))
print(eval(' - '.join(['-x**-y'] * 700)))
