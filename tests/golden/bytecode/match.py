def f(x):
    match x:
        case 1 | 'a' | -2.5: return 1
        case None | True: return 2
        case [a, b, *rest] if a: return rest
        case (1, *_, c): return c
        case {'k': v, 'l': 1, **r}: return v, r
        case A(b, c=[1, d]): return b, d
        case A(): return 3
        case [[p, q] | {'p': p, 'q': q}, 5] as whole: return p, q, whole
        case m.n: return 4
        case other: return other
