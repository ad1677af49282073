def f[T: int, *Ts, **P](x: T = 1, *, k: P = 2) -> T: return x
class C[T = int](Base[T], k=1):
    y: T
    def m[U: (int, str)](self, u: U) -> T: return T
type A = int
type B[T] = list[T]
@deco
class D[T]: pass
