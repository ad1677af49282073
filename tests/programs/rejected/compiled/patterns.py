# match: bindings, alternatives, keys, classes.
TEXTS = r'''
match a:
    case b: pass
    case c: pass
----
match a:
    case _: pass
    case _: pass
----
match a:
    case b: pass
    case 1: pass
    case c: pass
----
match a:
    case (b): pass
    case _: pass
----
match a:
    case b as c: pass
    case _: pass
----
match a:
    case _ as c: pass
    case 2: pass
----
match a:
    case b | 1: pass
----
match a:
    case 1 | b | 2: pass
----
match a:
    case _ | 1: pass
----
match a:
    case (1 | _) | 2: pass
----
match a:
    case [1, b | 2]: pass
----
match a:
    case (b | c): pass
----
match a:
    case [b] | [c]: pass
----
match a:
    case [b] | 1: pass
----
match a:
    case 1 | [b]: pass
----
match a:
    case [b, c] | [c]: pass
----
match a:
    case {1: b} | {2: c, **d}: pass
----
match a:
    case A(b) | A(c=d): pass
----
match a:
    case (1 as b) | 2: pass
----
match a:
    case [b, b]: pass
----
match a:
    case [b, *b]: pass
----
match a:
    case [*b, *c]: pass
----
match a:
    case *b, *c: pass
----
match a:
    case [*_, *_]: pass
----
match a:
    case [[*b, *c], d]: pass
----
match a:
    case *b: pass
----
match a:
    case (*b): pass
----
match a:
    case *b | c: pass
----
match a:
    case {1: *b}: pass
----
match a:
    case A(*b): pass
----
match a:
    case A(**b): pass
----
match a:
    case A(b, c=b): pass
----
match a:
    case A(b=1, b=2): pass
----
match a:
    case A(b=1, c=2, b=3): pass
----
match a:
    case A(b=1, c): pass
----
match a:
    case A(b, c=1, d, e): pass
----
match a:
    case A(b=c, d=c): pass
----
match a:
    case A(b.c=1): pass
----
match a:
    case A(1=b): pass
----
match a:
    case A() as b.c: pass
----
match a:
    case A() as b(): pass
----
match a:
    case 1 as 2: pass
----
match a:
    case 1 as _: pass
----
match a:
    case b as b: pass
----
match a:
    case [b] as b: pass
----
match a:
    case {1: b, 2: b}: pass
----
match a:
    case {1: b, **b}: pass
----
match a:
    case {**b, 1: c}: pass
----
match a:
    case {**b, **c}: pass
----
match a:
    case {**_}: pass
----
match a:
    case {**b.c}: pass
----
match a:
    case {1: b, 1: c}: pass
----
match a:
    case {1: b, 1.0: c, True: d}: pass
----
match a:
    case {True: b, True: c}: pass
----
match a:
    case {None: b, None: c}: pass
----
match a:
    case {"x": b, "y": c, 'x': d}: pass
----
match a:
    case {b"x": b, b'x': c}: pass
----
match a:
    case {-1: b, -1: c}: pass
----
match a:
    case {1+2j: b, 1+2j: c}: pass
----
match a:
    case {0: b, -0: c}: pass
----
match a:
    case {A.b: 1, A.b: 2}: pass
----
match a:
    case {b: 1}: pass
----
match a:
    case {A(): 1}: pass
----
match a:
    case {[1]: 1}: pass
----
match a:
    case {1 | 2: 3}: pass
----
match a:
    case {f"x": 1}: pass
----
match a:
    case {f"{x}": 1}: pass
----
match a:
    case f"x": pass
----
match a:
    case f"{x}": pass
----
match a:
    case "a" f"b": pass
----
match a:
    case t"x": pass
----
match a:
    case 1 + 1: pass
----
match a:
    case 1j + 1: pass
----
match a:
    case 1j + 1j: pass
----
match a:
    case -1 - -1j: pass
----
match a:
    case +1: pass
----
match a:
    case ~1: pass
----
match a:
    case -b: pass
----
match a:
    case -"b": pass
----
match a:
    case --1: pass
----
match a:
    case not 1: pass
----
match a:
    case 1 if: pass
----
match a:
    case 1 if b else c: pass
----
match a:
    case 1 and 2: pass
----
match a:
    case 1 or 2: pass
----
match a:
    case b < 1: pass
----
match a:
    case b[0]: pass
----
match a:
    case b[0].c: pass
----
match a:
    case b().c: pass
----
match a:
    case b(c)(d): pass
----
match a:
    case 1(): pass
----
match a:
    case lambda: 1: pass
----
match a:
    case b := 1: pass
----
match a:
    case (b := 1): pass
----
match a:
    case {1}: pass
----
match a:
    case {1: 2, 3}: pass
----
match a:
    case {1:}: pass
----
match a:
    case [b for b in c]: pass
----
match a:
    case ...: pass
----
match a:
    case : pass
----
match a:
    case
----
match a
    case 1: pass
----
match a:
case 1: pass
----
match a:
    case 1:
    pass
----
match a:
    pass
----
match a:
    case 1: pass
    else: pass
----
match a:
    case 1: pass
    x = 1
----
match:
    case 1: pass
----
match *a:
    case 1: pass
----
match a, *b
    case 1: pass
----
match a: case 1: pass
----
match (a):
  case 1: pass
   case 2: pass
----
match a:
    case 1 2: pass
----
match a:
    case b c: pass
----
match a:
    case b, c d: pass
----
match a:
    case None.b: pass
----
match a:
    case True(): pass
----
match a:
    case .b: pass
----
match a:
    case b.: pass
----
case 1: pass
----
match = 1; case = 2; match case
'''
