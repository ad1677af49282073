def f(x):
    match x:
        case 0 | 1:
            return "small"
        case [a, *rest] if rest:
            return a
        case {"k": v, **others}:
            return v
        case Point(x=0):
            return "point"
        case str() as s:
            return s
        case _:
            return None
