"""Formatting by % and str.format: results and errors of unusual cases."""
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
class I:
    def __index__(self): return 7
class N:
    def __int__(self): return 8
class F:
    def __float__(self): return 1.5
class M:
    def __getitem__(self,k): return k*2
class B:
    def __bytes__(self): return b"BB"
L = ["'%d' % 'a'","'%d' % 1.9","'%x' % 1.9","'%x' % I()","'%d' % I()","'%d' % N()","'%x' % N()","'%d' % F()","'%f' % 'a'","'%f' % I()","'%f' % F()","'%f' % N()","'%c' % 'ab'","'%c' % 97","'%c' % -1","'%c' % 0x110000","'%c' % 1.5","'%c' % None","'%c' % I()","'%c' % 2**100","'%y' % 1","'%' % 1","'%(a' % {}","'%(a)s' % 1","'%(a)s' % {}","'%(a)s' % M()","'%(a)s %(b)d' % {'a':1,'b':2}","'%s' % (1,2)","'%s %s' % 1","'%s' % ()","'abc' % 1","'abc' % {}","'abc' % []","'abc' % [1]","'abc' % 'x'","'%*d' % (5, 3)","'%-*d|' % (5, 3)","'%*d|' % (-5, 3)","'%*d' % ('a', 3)","'%.*f' % (2, 3.14159)","'%.*f' % (-2, 3.14159)","'%*d' % (5,)","'%5%' % ()","'%%' % ()","'%%' % 1","'%s' % None","'%r %a' % ('é','é')","'%5.2s|' % 'abc'","'%05d' % -3","'%+d % d' % (3,3)","'%#x %#o %#X' % (255,8,255)","'%i %u' % (1,2)","'%ld' % 3","'%e' % 12345.678","'%G' % 1e-10","'%.3d' % 5","'%010.3f' % 3.14159","'%s' % b'a'","b'%s' % b'a'","b'%s' % 'a'","b'%b' % B()","b'%b' % 1","b'%d' % 3","b'%d' % 'a'","b'%c' % b'a'","b'%c' % 97","b'%c' % 256","b'%c' % b'ab'","b'%c' % 'a'","b'%r' % 'é'","b'%a' % 'é'","b'%(a)s' % {b'a': b'x'}","b'%(a)s' % {'a': b'x'}","b'%y' % 1","b'abc' % 1","b'abc' % (1,)","bytearray(b'%d') % 5","b'%5.2s|' % b'abc'","b'%x' % 1.5","b'%f' % 'x'","'%d' % 10**30","'%x' % -(10**30)","'%d' % True","'%s' % True","'%.2000000000000d' % 5","'%99999999999999999999d' % 5","'%(a)d' % {'a': 'x'}","'%(a)*d' % {'a': 5}", "'%s %(a)s' % {'a':1}","'%(a)s %s' % {'a':1}","b'%s' % bytearray(b'x')","b'%s' % memoryview(b'x')","'%d' % float('inf')","'%d' % float('nan')","'%x' % 'a'","'%o' % 'a'","'%X' % 'a'","'%i' % 'a'","'%u' % 'a'","'%g' % 'a'","'%c' % ''","'%\\n' % 1","'%é' % 1", "1 % 'a'", "'%s%%' % 5", "str.__mod__('%d', 3)", "str.__rmod__('3', '%s')","'%d' % (2**70, )", "'%5d|%-5d|%05d' % (42,42,42)","'%c' % 8364","'%5c|' % 'x'","'%-5c|' % 120",
"'{}{}'.format(1)","'{a}'.format()","'{0.x}'.format(1)","'{0[a]}'.format({'a':1})","'{0[0]}'.format([1])","'{0[5]}'.format([1])","'{!x}'.format(1)","'{!r:>5}'.format('a')","'{:{}}'.format(5, 8)","'{:{:{}}}'.format(5, 8,1)","'{} {0}'.format(1)","'{0} {}'.format(1)","'{'.format()","'}'.format()","'{a}{}'.format_map({'a':1})","'{a}'.format_map({'a':1})","'{a}'.format_map(M())","'{a.b}'.format_map({'a':1})","'{:d}'.format('a')","'{:d}'.format(None)","'{:5}'.format(None)","'{}'.format(None)","'{:>5}'.format([1])","'{:s}'.format(1)","'{!s:>5}'.format(1)","'{:,}'.format(12345)","'{0}'.format_map([1])", "'{0!r}'.format('é')", "'{0!a}'.format('é')", "'{a[0]}'.format(a='xyz')", "'{:%Y}'.format(3)", "'{.real}'.format(3)", "'{[0]}'.format('ab')", "'{ }'.format(1)","'{-1}'.format(1)","'{0.}'.format(1)","'{0[}'.format(1)","'{0[]}'.format(1)","'{0]}'.format(1)"]
for s in L:
    print(s, "->", end=" ")
    t(lambda: eval(s))
