def f(n, items):
    i = 0
    while i < n:
        i += 1
        if i == 3:
            continue
        if i > 7:
            break
    else:
        print('else')
    for k, v in items:
        print(k, v)
    for a.b in [1, 2, 3]:
        pass
    while True:
        if n():
            break
    for x in n:
        for y in x:
            if y:
                break
        else:
            continue
        break
    return i
