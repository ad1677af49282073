import struct
from struct import *
def t(f, *a):
    try:
        print(f.__name__, a, '->', f(*a))
    except Exception as e:
        print(f.__name__, a, type(e).__name__, e)
for pre in ('', '>'):
    for c in 'bBhHiIlLqQnN':
        for v in (-1, 2**7, -2**7-1, 2**15, -2**15-1, 2**16-1, 2**31, -2**31-1, 2**32, 2**63, -2**63-1, 2**64, 'x', 1.0):
            t(pack, pre + c, v)
for c in 'efdFD':
    for v in (1, 'x', 1e400, 1e39, 70000.0, 1j, -0.0, 0.1, -2.5, float("nan")):
        t(pack, '<' + c, v); t(pack, '>' + c, v)
t(pack,'P',-1);t(pack,'P',2**64);t(pack,'<P',1);t(pack,'<n',1)
t(pack,'c',1);t(pack,'c',b'ab');t(pack,'s','x');t(pack,'3s',bytearray(b'x'));t(pack,'p',1);t(pack,'5p',b'abcdefgh');t(pack,'0p',b'ab');t(pack,'p',b'a')
t(pack,'?',[1]);t(pack,'2x');t(pack,'<2i',1);t(pack);t(pack,1);t(pack,'z',1);t(pack,'3');t(pack,'999999999999999999999i',1);t(calcsize,'9999999999i');t(pack,'\x00');t(pack,'\xe9')
for f in (b'i', 'i 2h', '<qb', '@bq', '@bi0q', '=bi0q', '<F', 'D', 'bD', 'bF', 'b0i', '3xh', 'bhilqefdP', '>bhilqefd'): t(calcsize, f)
t(unpack,'i',b'ab');t(unpack,'<i',b'abcd');t(unpack_from,'<i',b'abcdef',2);t(unpack_from,'<i',b'abcdef',3);t(unpack_from,'<i',b'abcdef',-3);t(unpack_from,'<i',b'abcdef',-9);t(unpack_from,'<i',b'abcdef',-4);t(unpack,'<i','x');t(unpack,'<i',5)
t(iter_unpack,'<0s',b'');t(iter_unpack,'<h',b'abc');print(list(iter_unpack('<h',b'abcd')))
ba=bytearray(8)
t(pack_into,'<i',ba,6,1);t(pack_into,'<i',ba,-2,1);t(pack_into,'<i',ba,-9,1);t(pack_into,'<i',b'abcd',0,1);t(pack_into,'<i',ba);t(pack_into,'<i',ba,0);t(pack_into,'<i',ba,'x',1);t(pack_into,'<i')
pack_into('>hb', memoryview(ba)[2:], 1, 258, -1); print(ba)
S=Struct('<hh');print(S,S.size,S.format,S.pack(1,2),S.unpack(b'abcd'))
t(S.pack,1);t(S.unpack,b'a');t(S.pack_into,ba,0,1);t(S.pack_into,ba);t(S.pack_into)
t(Struct);t(Struct,1);t(Struct,'\xe9')
print(struct._clearcache(), struct.error.__mro__, struct.error.__module__)
it=iter_unpack('<h',b'abcd');print(type(it),it.__length_hint__());next(it);print(it.__length_hint__())
print(unpack('<5p',b'\x09abcd'),unpack('<e',b'\x00\x7c'),unpack('<3s2c?',b'abcdef'),unpack('>D',b'\0'*16), unpack('<0s',b''))
print(pack('<e',65519.9), pack('<e',5.96e-8), pack('<e',2.98e-8), pack('<e',6.1e-5), pack('<e',0.333), unpack('<2e', b'\x01\x00\xff\x03'))
class Idx:
    def __index__(self): return 258
class Flt:
    def __float__(self): return 1.5
class Tru:
    def __bool__(self): return True
print(pack('<hd?B', Idx(), Flt(), Tru(), 3), unpack('<Q', b'\xff'*8), unpack('>q', b'\xff'*8), unpack('<l', b'\xff'*4), unpack('<bB', b'\xff\xff'))
for i in range(0, 65536, 97):
    (x,) = unpack('<e', i.to_bytes(2, 'little'))
    if x == x: assert pack('<e', x) == i.to_bytes(2, 'little'), i
