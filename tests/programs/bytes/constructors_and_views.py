"""bytes, bytearray, memoryview: results and errors of unusual cases."""
def t(s):
    print(s, "->", end=" ")
    try: print(repr(eval(s)))
    except BaseException as e: print(type(e).__name__, e)
def x(s):
    d={}
    print(s, "->", end=" ")
    try:
        exec(s,globals(),d); print({k: v for k, v in d.items() if not isinstance(v, memoryview)})
    except BaseException as e: print(type(e).__name__, e)
class B:
    def __bytes__(self): return 3
class I:
    def __index__(self): return 3
class It:
    def __iter__(self): yield 65; yield 66
class Sub(bytes): pass
class SubA(bytearray): pass
for c in ("bytes","bytearray"):
  for a in ["","1","-1","2**70","1.5","'a'","'a','utf8'","'a',1","b'a','utf8'","encoding='utf8'","errors='x'","[1,2]","[256]","[-1]","['a']","[2**80]","(1,2)","It()","B()","I()","{1:2}","{1}","range(3)","None","source=3","foo=3","1,2,3,4","memoryview(b'abc')","'a', encoding='ascii'", "[I()]","'a', errors='strict'", "[1.5]", "iter([1,2])","b'abc'","b'a', errors='x'"]:
    t(f"{c}({a})")
for s in """bytes.fromhex('zz')
bytes.fromhex('abc')
bytes.fromhex('ab cd')
bytes.fromhex('ab c')
bytes.fromhex(1)
bytes.fromhex(b'abcd')
Sub.fromhex('ab')
bytearray.fromhex('ab')
b'ab'.hex(1)
b'ab'.hex('')
b'ab'.hex('ab')
b'ab'.hex('é')
b'ab'.hex(':')
b'abcd'.hex(':',2)
b'ab'.hex(b':')
b'a'.find(b'a','x')
b'a'.count('a')
b'a'.count(97)
b'a'.startswith(97)
b'a'.startswith((b'a',b'b'))
b'a'.endswith('a')
b'a'.strip('a')
b'a'.split('a')
b'a'.split(1)
b'a'.rsplit(b'')
b'a'.partition('a')
b'a'.partition(b'')
b'a'.partition(1)
b'a'.replace('a','b')
b'a'.replace(b'a',1)
b'a'.translate('a')
b'a'.translate(b'a')
b'a'.translate(None)
b'a'.translate(None, b'a')
b'a'.translate(None, delete=1)
b'a'.translate(1)
bytes.maketrans(b'a',b'bc')
bytes.maketrans('a',b'bc')
bytes.maketrans(b'a',1)
len(bytes.maketrans(b'a',b'b'))
b'a'.join([b'a', 1])
b'a'.join([bytearray(b'x'), memoryview(b'y')])
b'a'.join((b'x',))
bytearray(b'a').join([b'x',b'y'])
b'a'.center(5)
b'a'.center(5,b'-')
b'a'.center(5,bytearray(b'-'))
b'a'.center(5,'-')
b'a'.ljust(5,b'')
b'a'.zfill(5)
b'a'.expandtabs('x')
b'a'.removeprefix('a')
b'a'.removeprefix(b'a')
b'a'.decode('foo')
b'a'.decode(1)
b'\\xff'.decode()
bytearray(b'\\xff').decode()
b'a' + bytearray(b'b')
bytearray(b'a') + b'b'
b'a' + memoryview(b'x')
memoryview(b'a') + b'b'
b'a' * 3
3 * bytearray(b'a')
b'a' * 1.5
b'a' < 'a'
b'a' == 'a'
b'a' == bytearray(b'a')
bytearray(b'a') == b'a'
b'a' == memoryview(b'a')
b'a' < bytearray(b'b')
bytearray(b'a') < 1
97 in b'a'
b'a' in bytearray(b'abc')
None in b'a'
I() in b'\\x03'
b'abc'[::2]
bytearray(b'abc')[::2]
bytearray(b'abc').pop()
bytearray().pop()
bytearray(b'a').pop(5)
bytearray(b'abc').pop(0)
bytearray(b'a').remove(98)
bytearray(b'a').remove(300)
bytearray(b'a').remove('a')
bytearray(b'a').append(300)
bytearray(b'a').append('a')
bytearray(b'a').insert('a', 1)
bytearray(b'a').insert(0, 256)
bytearray(b'a').extend(1)
bytearray(b'a').extend('ab')
bytearray(b'a').extend([1,300])
bytearray(b'a').extend([1,'a'])
bytearray(b'a').resize(-1)
bytearray(b'a').resize(3)
bytearray(b'a').copy()
bytearray(b'a').__reduce__()
bytearray(b'a').__reduce_ex__(2)
bytearray(b'\\xff').__reduce_ex__(2)
repr(bytearray(b"a'b"))
str(b'a')
repr(SubA(b'a'))
repr(Sub(b'a'))
bytes(Sub(b'a'))
b''.__bytes__()
b'a'.__getnewargs__()
hash(b'a') == hash('a')
b'A'.lower(), b'a'.upper(), b'ab c'.title(), b'aB'.swapcase(), b'ab'.capitalize()
b'a\\nb'.splitlines(), b'a\\nb'.splitlines(True)
b' a b '.split(), b'a,b,c'.rsplit(b',',1)
bytearray(b'a b').split()
b'a'.index(b'b')
bytearray(b'a').index(b'b')
bytearray(b'a').rindex(b'b')
b'%d' % 3
type(bytearray(b'a') * 2)
(b'a').isascii()
Sub(b'a').strip() is Sub
b'abc'.find(98)
b'abc'.rfind(b'c', -2)
bytes(b'a', 'utf8')""".splitlines(): t(s)
for s in """b=bytearray(b'abc'); b[0]=300
b=bytearray(b'abc'); b[0]='a'
b=bytearray(b'abc'); b[5]=1
b=bytearray(b'abc'); b['a']=1
b=bytearray(b'abc'); b[0:2]=b'xyz'
b=bytearray(b'abc'); b[0:2]=[1,2,3]
b=bytearray(b'abc'); b[0:2]=5
b=bytearray(b'abc'); b[0:2]='ab'
b=bytearray(b'abc'); b[::2]=b'xyz'
b=bytearray(b'abc'); b[::2]=b'xy'
b=bytearray(b'abc'); del b[0]
b=bytearray(b'abc'); del b[0:2]
b=bytearray(b'abcdef'); del b[::2]
b=bytearray(b'abc'); del b[9]
b=bytearray(b'abc'); b+=b'x'
b=bytearray(b'abc'); b+=b
b=bytearray(b'abc'); b+=1
b=bytearray(b'abc'); b+=[1]
b=bytearray(b'abc'); b*=2
b=bytearray(b'abc'); b*=1.5
b=bytearray(b'abc'); b[1:1]=b
b=bytearray(b'abc'); m=memoryview(b); b.append(1)
b=bytearray(b'abc'); m=memoryview(b); b[0:1]=b'xx'
b=bytearray(b'abc'); m=memoryview(b); b+=b'x'
b=bytearray(b'abc'); m=memoryview(b); b.clear()
b=bytearray(b'abc'); m=memoryview(b); m[0]=65
b=bytearray(b'abc'); m=memoryview(b); m[0:2]=b'XY'
b=bytearray(b'abc'); m=memoryview(b); m[0:2]=b'XYZ'
b=bytearray(b'abc'); m=memoryview(b); m[0]=300
b=bytearray(b'abc'); m=memoryview(b); m[0]='a'
b=bytearray(b'abc'); m=memoryview(b); del m[0]
m=memoryview(b'abc'); m[0]=1
m=memoryview(b'abc'); m[5]
m=memoryview(b'abc'); m['a']
m=memoryview(b'abc'); m.release(); m[0]
m=memoryview(b'abc'); m.release(); len(m)
m=memoryview(b'abc'); m.release(); r=repr(m)[:22]
m=memoryview(b'abcd').cast('H'); r=(m.tolist(), m.itemsize, m.format, m.shape, m.strides, m.nbytes, len(m), m[0], m[-1])
m=memoryview(b'abcde').cast('H')
m=memoryview(b'abcd').cast('x')
m=memoryview(b'abcd').cast('B', [2,2]); r=m.tolist()
m=memoryview(b'abcd').cast('H').cast('I')
m=memoryview(b'abcd').cast('c'); r=(m[0], m.tolist())
m=memoryview(b'\\0\\1').cast('?'); r=m.tolist()
m=memoryview(b'abcd').cast('f'); r=m.tolist()
m=memoryview(b'abcdef')[::2]; r=(m.tolist(), m.tobytes(), m.contiguous, m.c_contiguous, m.shape, m.strides, m.nbytes, len(m))
m=memoryview(b'abc'); r=(m.obj, m.ndim, m.readonly, m.suboffsets, m.f_contiguous, m.hex(), m.hex(':'), m.tobytes('C'), m.format)
m=memoryview(b'abc'); r=m.tobytes('x')
m=memoryview(b'abc'); r=(m==b'abc', m==memoryview(b'abc'), m==bytearray(b'abc'), m=='abc', m!=b'abd')
m=memoryview(b'abc'); r=m < b'abd'
m=memoryview(b'abc'); r=hash(m)==hash(b'abc')
m=memoryview(bytearray(b'abc')); r=hash(m)
m=memoryview(1)
m=memoryview('a')
m=memoryview(object=b'a')
m=memoryview()
with memoryview(b'a') as m: r=m[0]
m=memoryview(b'abc'); r=list(m)
m=memoryview(b'abc'); r=(97 in m, 1 in m, m.count(97), m.index(98))
m=memoryview(b'abc'); m.index(5)
m=memoryview(bytearray(b'abc')).toreadonly(); m[0]=1
m=memoryview(b'abc')[1:]; r=(bytes(m), m.obj)
m=memoryview(bytearray(b'abc')); n=m[1:]; m.release(); r=n[0]
b=bytearray(b'abc'); m=memoryview(b); m.release(); b.append(1)
b=bytearray(b'abc'); m=memoryview(b); del m; b.append(1)
m=memoryview(b'abc'); r=bool(m), reversed(m).__next__()
m=memoryview(b'abc'); r=m[0,0]
m=memoryview(b'abc'); r=m[()]
m=memoryview(b'abc'); r=m[...]
m=memoryview(b'abcd').cast('B',(2,2)); r=m[0,1]
m=memoryview(bytearray(b'abcd')).cast('h'); m[0]=70000
m=memoryview(bytearray(b'abcd')).cast('h'); m[0]=-2; r=m.tobytes()
m=memoryview(bytearray(b'abcd')).cast('f'); m[0]='a'""".splitlines(): x(s)
