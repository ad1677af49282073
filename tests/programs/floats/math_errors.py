# math: every function with ordinary and hostile arguments
import math


def show(text):
    try:
        print(text, "->", repr(eval(text)))
    except BaseException as error:
        print(text, "->", type(error).__name__, error)


class X:
    def __float__(self):
        return 2.5

    def __index__(self):
        return 3

    def __ceil__(self):
        return "c"

    def __floor__(self):
        return "f"

    def __trunc__(self):
        return "t"


class Y:
    pass


NAMES = """acos acosh asin asinh atan atanh cbrt cos cosh degrees erf erfc exp exp2 expm1 fabs gamma lgamma log log1p log10 log2
radians sin sinh sqrt tan tanh modf frexp ulp"""
for name in NAMES.split():
    for argument in "0.0 -1.0 2.0 -2.5 1e308 math.inf -math.inf math.nan 1 10**400 -(10**400)".split():
        show(f"math.{name}({argument})")

for text in [
    "math.log(8,2)",
    "math.log(0,2)",
    "math.log(-1)",
    "math.log(2,1)",
    "math.log(2,0)",
    "math.log(2,-1)",
    "math.log(2,'a')",
    "math.log('a')",
    "math.log(10**400,10)",
    "math.log()",
    "math.log(1,2,3)",
    "math.log(0)",
    "math.log(-10**400)",
    "math.log2(-5)",
    "math.log10(0)",
    "math.sqrt(-1)",
    "math.acos(2)",
    "math.factorial(-1)",
    "math.factorial(5.0)",
    "math.factorial(5.5)",
    "math.factorial('a')",
    "math.factorial(10**30)",
    "math.factorial(True)",
    "math.factorial(X())",
    "math.comb(5,2)",
    "math.comb(-1,2)",
    "math.comb(5,-2)",
    "math.comb(5,10**30)",
    "math.comb(10**30,2)",
    "math.comb(10**30,10**20)",
    "math.comb(5.0,2)",
    "math.perm(5)",
    "math.perm(5,2)",
    "math.perm(-1)",
    "math.perm(5,-1)",
    "math.perm(5,None)",
    "math.perm(10**30,10**30)",
    "math.perm(5,10**30)",
    "math.perm('a')",
    "math.isqrt(17)",
    "math.isqrt(-1)",
    "math.isqrt(2.0)",
    "math.isqrt(X())",
    "math.gcd()",
    "math.gcd(12,-18)",
    "math.gcd(12.0,3)",
    "math.gcd(0,0)",
    "math.gcd(2**200,6**50)",
    "math.lcm()",
    "math.lcm(4,6)",
    "math.lcm(0,5)",
    "math.lcm(4,6,-10)",
    "math.gcd('a')",
    "math.gcd(-5)",
    "math.lcm(-5)",
    "math.hypot()",
    "math.hypot(3,4)",
    "math.hypot(1,2,3)",
    "math.hypot('a')",
    "math.dist([1,2],[3,4])",
    "math.dist((1,2),(3,4))",
    "math.dist((1,2),(3,4,5))",
    "math.dist(1,2)",
    "math.dist('ab','cd')",
    "math.dist({1,2},(3,4))",
    "math.dist([1,2],[3,'a'])",
    "math.fsum([.1]*10)",
    "math.fsum(['a'])",
    "math.fsum([1e308,1e308])",
    "math.fsum([math.inf,-math.inf])",
    "math.fsum(1)",
    "math.fsum([10**400])",
    "math.sumprod([1,2],[3,4])",
    "math.sumprod([1.5,2],[3,4])",
    "math.sumprod([1],[3,4])",
    "math.sumprod(1,2)",
    "math.sumprod([10**30],[10**30])",
    "math.sumprod(['a'],[2])",
    "math.sumprod([[1]],[2])",
    "math.sumprod(['a'],['b'])",
    "math.sumprod([],[])",
    "math.sumprod([True],[2])",
    "math.sumprod([math.inf,1],[1,-math.inf])",
    "math.prod([])",
    "math.prod([1,2,3])",
    "math.prod([1.5,2])",
    "math.prod([1,2],start=5)",
    "math.prod(['a',2])",
    "math.prod([[1],2])",
    "math.prod(['a','b'])",
    "math.prod(1)",
    "math.prod([2]*100)",
    "math.prod([2.0,10**400])",
    "math.prod(start=1)",
    "math.ceil(1.5)",
    "math.ceil(X())",
    "math.floor(X())",
    "math.trunc(X())",
    "math.trunc(Y())",
    "math.floor(Y())",
    "math.ceil('a')",
    "math.trunc('a')",
    "math.trunc(1.7)",
    "math.floor(math.inf)",
    "math.floor(math.nan)",
    "math.floor(10**30)",
    "math.floor(True)",
    "math.fmod(5,3)",
    "math.fmod(5,0)",
    "math.fmod(math.inf,1)",
    "math.fmod(-5,3)",
    "math.remainder(5,3)",
    "math.remainder(5,0)",
    "math.remainder(math.inf,1)",
    "math.copysign(1,-0.0)",
    "math.pow(2,3)",
    "math.pow(0,-1)",
    "math.pow(-1,.5)",
    "math.pow(2,10000)",
    "math.pow(2)",
    "math.ldexp(1.0,10)",
    "math.ldexp(1.0,10**30)",
    "math.ldexp(1.0,-10**30)",
    "math.ldexp(1.0,5000)",
    "math.ldexp(1.0,1.5)",
    "math.ldexp(0.0,10**30)",
    "math.nextafter(1,2)",
    "math.nextafter(1,2,steps=3)",
    "math.nextafter(1,2,steps=-3)",
    "math.nextafter(1,2,steps=1.5)",
    "math.nextafter(1,2,steps=10**30)",
    "math.nextafter(1,2,steps=None)",
    "math.nextafter(math.nan,2,steps=3)",
    "math.isclose(1,1+1e-10)",
    "math.isclose(1,2,rel_tol=-1)",
    "math.isclose(1,2,rel_tol=.5)",
    "math.isclose(1,2,abs_tol=-1)",
    "math.isclose(1)",
    "math.isfinite(10**400)",
    "math.isnan('a')",
    "math.isinf(math.inf)",
    "math.atan2(1,0)",
    "math.atan2('a',0)",
    "math.fma(2,3,4)",
    "math.fma(math.inf,0,1)",
    "math.fma(1e308,10,0)",
    "math.fma(math.inf,1,-math.inf)",
    "math.frexp(8)",
    "math.modf(2.5)",
    "math.modf(-math.inf)",
    "math.sin()",
    "math.sin(1,2)",
    "math.sin(x=1)",
    "math.sin(X())",
    "math.sin(Y())",
    "math.sin(10**400)",
    "math.gamma(-1)",
    "math.gamma(171.7)",
    "math.lgamma(0)",
    "math.lgamma(1e306)",
    "math.cbrt(27)",
    "math.exp(1000)",
    "math.sinh(1000)",
    "math.e",
    "math.nan",
]:
    show(text)
