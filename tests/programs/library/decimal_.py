# decimal: construction, contexts, signals, errors, conversions, formats.
import copy
import pickle
from decimal import *
from fractions import Fraction


def show(text):
    try:
        print(text, "->", repr(eval(text)))
    except SyntaxError:
        try:
            exec(text)
            print(text, "ok")
        except Exception as error:
            print(text, "!!", type(error).__name__, error)
    except Exception as error:
        print(text, "!!", type(error).__name__, error)


for text in """
Decimal('abc')
Decimal(1)/0
Decimal(0)/0
Decimal([])
Decimal(1)+1.0
Decimal(1)<'a'
Decimal(1)<1j
Context(prec=0)
Context(prec='a')
Context(rounding=5)
Context(rounding='a')
Context(Emin=5)
Context(Emax=-1)
Context(capitals=2)
Context(clamp=3)
Context(traps=5)
Context(traps=[5])
Context(flags={})
Context(foo=1)
getcontext().foo
getcontext().prec
Decimal((1,2))
Decimal((2,(1,),3))
Decimal((1,[1],'G'))
Decimal((1,[11],3))
Decimal((1,1,3))
Decimal((1,[1],1.0))
Decimal((True,[1],'F'))
Decimal((1,[2],'n'))
hash(Decimal('snan'))
int(Decimal('nan'))
int(Decimal('inf'))
float(Decimal('snan'))
round(Decimal('nan'))
round(Decimal('inf'))
round(Decimal(1),'a')
Decimal('nan').as_integer_ratio()
Decimal('inf').as_integer_ratio()
Decimal(1).quantize('a')
Decimal(1).compare('a')
Decimal(1).ln(5)
format(Decimal(1),5)
setcontext(1)
localcontext(1)
localcontext(foo=1)
getcontext().create_decimal([])
getcontext().flags['a']
getcontext().flags[5]
del getcontext().flags[Inexact]
getcontext().traps[5]=1
del getcontext().prec
Decimal.from_float('a')
Decimal.from_number('a')
pow(Decimal(2),3,'a')
pow(Decimal(2),Decimal(3),Decimal(5))
Decimal(10)**1000000
Decimal(1)<float('nan')
Decimal('snan')<1
complex(Decimal(2))
Decimal(3).real,Decimal(3).imag
Decimal('1e5').__floor__()
IEEEContext(32)
IEEEContext('a')
getcontext().__reduce__()
Decimal(5).__reduce__()
getcontext().copy()
getcontext().Etiny(), getcontext().Etop()
Decimal(1,2)
Decimal(value='1',context=None)
Decimal('1',context=5)
getcontext().add(1,'a')
getcontext().power(2,3,modulo=7)
getcontext().power(a=2,b=3)
getcontext().is_nan('a')
getcontext().traps
getcontext() == getcontext()
getcontext().flags == getcontext().copy().flags
Decimal(1)==1.0
Decimal(1)<1.0
Decimal('0e-10')
Decimal(1).as_tuple()
DecimalTuple
HAVE_THREADS, HAVE_CONTEXTVAR
getcontext().prec='a'
getcontext().prec=1.5
getcontext().clamp=3
getcontext().traps=5
getcontext().flags={}
getcontext().Emin=1
getcontext().rounding=None
Decimal(1).exp(context=4)
Decimal(1).is_zero(1)
Decimal(3).sqrt(context=None)
'{:n}'.format(Decimal('12345.6'))
Decimal('١٢٣')
Decimal(' 1_0 ')
Decimal('1__0')
getcontext().create_decimal(' 1')
getcontext().create_decimal('1_0')
Decimal('NaN123')
Decimal('-sNaN0012')
'%s' % Decimal('1E+9'), Decimal('1e9').to_eng_string()
Decimal('inf')*0
getcontext().clear_flags(1)
getcontext()._unsafe_setprec(1)
Decimal('1.5') == Fraction(3, 2), Decimal('1.5') < Fraction(8, 5), Fraction(1, 3) > Decimal('0.3'), Decimal('NaN') == Fraction(1)
hash(Decimal('1.5')) == hash(1.5) == hash(Fraction(3, 2)), hash(Decimal(10**30)) == hash(10**30), hash(Decimal('-0')), hash(Decimal('inf'))
Decimal('1.25') + 1, 1 - Decimal('0.5'), 3 * Decimal(2), 7 // Decimal(2), -7 % Decimal(4), divmod(7, Decimal('2.5')), 2 ** Decimal('0.5')
Decimal(2) == 2 + 0j, Decimal(2) != 2j, Decimal(1) == '1', Decimal(3) in {3: 4}
Decimal(0.1), Decimal(5e-324) == 5e-324, Decimal(1e300) == 1e300, Decimal.from_float(-0.0)
[str(Decimal(x)) for x in ('1E+5', '0E-9', '123E-9', '-0', '1e-7', '0.0000001', '1234567e10')]
[Decimal(x).to_eng_string() for x in ('1E+5', '0E-9', '123E-9', '12E+7', '0E+4')]
round(Decimal('2.5')), round(Decimal('3.5')), round(Decimal('2.675'), 2), round(Decimal('1234'), -2), int(Decimal('-2.7'))
__import__('math').floor(Decimal('-2.5')), __import__('math').ceil(Decimal('2.1')), __import__('math').trunc(Decimal('-9.9'))
f'{Decimal("1234567.891"):,.2f}', f'{Decimal("0.000123"):.3e}', f'{Decimal("12"):>10}', f'{Decimal("-12"):=+10}', f'{Decimal("0.5"):%}'
f'{Decimal("1234.5"):012,.1f}', f'{Decimal("NaN"):>6}', f'{Decimal("1e10")}', f'{Decimal("1e10"):f}', f'{Decimal(5):g}'
Decimal('0.1').as_integer_ratio(), Decimal('-2.50').as_integer_ratio(), Decimal('1e3').as_integer_ratio(), Decimal('0E-5').as_integer_ratio()
Decimal(2).sqrt(), Decimal(2).exp(), Decimal(10).ln(), Decimal(7).log10(), Decimal('0.25').sqrt(), Decimal(100).log10(), Decimal(0).exp()
Decimal(3) ** 100, Decimal(2) ** -3, Decimal('1.1') ** Decimal('2.2'), pow(Decimal(3), 100, 7), Decimal(-8) ** 3, Decimal(0) ** 0
Decimal('123.456').quantize(Decimal('0.01')), Decimal('1').quantize(Decimal('1e-30')), Decimal('9.99').quantize(Decimal(1), ROUND_DOWN)
sum([Decimal('0.1')] * 10), max(Decimal(1), Decimal('1.0')), sorted([Decimal(3), Decimal('2.5'), 2]), abs(Decimal('-1.50')), -Decimal(0), +Decimal('-0')
Decimal('1.23456789012345678901234567890') + 0, Decimal('1.23456789012345678901234567890')
Context(prec=5).create_decimal('1.2345678'), Context(prec=3, rounding=ROUND_UP).divide(1, 3), ExtendedContext.divide(1, 0), ExtendedContext.sqrt(-1)
Decimal('-sNaN12').as_tuple(), Decimal('Infinity').as_tuple(), Decimal((0, (1, 2, 3), -2)), Decimal((1, (), 5))
isinstance(Decimal(1), __import__('numbers').Number), isinstance(Decimal(1), __import__('numbers').Real), DivisionByZero.__mro__[1:4]
""".strip().splitlines():
    show(text)

with localcontext() as ctx:
    ctx.prec = 40
    print(Decimal(1) / 7, ctx.flags[Inexact])
print(Decimal(1) / 7)
with localcontext(prec=5, rounding=ROUND_CEILING):
    print(Decimal(1) / 7)
ctx = getcontext()
ctx.clear_flags()
ctx.traps[Inexact] = True
show("Decimal(1) / 3")
ctx.traps[Inexact] = False
ctx.traps[FloatOperation] = True
show("Decimal(1) < 0.5")
show("Decimal(1) == 1.0")
show("Decimal(0.5)")
ctx.traps[FloatOperation] = False
print([flag.__name__ for flag, up in ctx.flags.items() if up], len(ctx.flags), Inexact in ctx.flags, dict(ctx.traps) == ctx.traps)
print(ctx.flags == ctx.flags.copy(), ctx.flags is ctx.flags, list(ctx.flags)[0])
for value in (Decimal("1.50"), Decimal("-sNaN4"), ctx, Context(prec=3, traps=[Overflow])):
    again = pickle.loads(pickle.dumps(value))
    print(repr(again), repr(copy.copy(value)), repr(copy.deepcopy(value)))


class Money(Decimal):
    pass


print(repr(Money("1.5") + 1), type(Money("1.5") + 1), type(Money("1.5")), Money.from_float(0.5).__class__, Money("2") == 2)
getcontext().prec = 60
print(Decimal(2).ln(), Decimal(3).exp(), Decimal(5).log10())
getcontext().prec = 300
print(Decimal(2).sqrt(), (Decimal(1) / 97) ** 3)
