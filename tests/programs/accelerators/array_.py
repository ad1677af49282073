import array, pickle, copy
from array import array as A
def t(f,*a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__, e)
for c in 'bBhHiIlLqQ':
    for v in (2**7,-129,2**8,-1,2**15,2**16,2**31,-2**31-1,2**32,2**63,-2**63-1,2**64): t(A,c,[v])
    t(A,c,[1.5]); t(A,c,['x'])
for c in 'fd': t(A,c,['x']); t(A,c,[1,2.5,1e39])
for c in 'w': t(A,c,'aé\U0001f600'); t(A,c,['a','b']); t(A,c,[1]); t(A,c,['ab']); t(A,c,5)
t(A); t(A,'z'); t(A,5); t(A,'ii'); t(A,'i','x'); t(A,'i',5); t(A,'i',b'abc'); t(A,'i',A('d',[1])); t(A,'w',A('i',[1])); t(A,'i',[],1); t(A,'b',b'\x01\xff')
a=A('i',[1,2,3,4])
print(a, A('w'), A('w','x\'"'), a.typecode, a.itemsize, len(a), a[1], a[-1], a[1:3], a[::2], a==A('i',[1,2,3,4]), a==A('d',[1,2,3,4]), a<A('i',[2]), a==[1], a+A('i',[9]), a*2, 2*a, 3 in a, a.tolist(), a.tobytes(), a.count(2), a.index(3), hash(1))
t(lambda: a[9]); t(lambda: a['x']); t(lambda: a+[1]); t(lambda: a+A('d')); t(lambda: a*'x'); t(a.index,99); t(a.remove,99); t(a.pop,9); t(A('i').pop); t(a.append,'x'); t(a.extend,5); t(a.extend,A('d',[1])); t(a.extend,[1,'x']); print(a); t(a.insert,1,'x'); t(a.fromlist,5); t(a.fromlist,[7,'x']); print(a); t(a.frombytes,b'abc'); t(a.frombytes,'x'); t(a.fromunicode,'x'); t(a.tounicode); t(a.__setitem__,0,'x'); t(a.__setitem__,9,1); t(a.__delitem__,9)
a[0]=10; a[1:3]=A('i',[7,8,9]); print(a); del a[0]; del a[::2]; print(a); t(a.__setitem__,slice(0,1),[1]); t(a.__setitem__,slice(0,1),A('d')); a.append(5); a.insert(0,4); a.insert(-1,6); a.extend([1,2]); a.extend(a); a+=A('i',[3]); print(a); a*=2; print(len(a)); a.reverse(); print(a.pop(), a.pop(0), a.remove(5), a[:5]); a.fromlist([1]); a.frombytes(b'\x01\0\0\0'); print(a[-2:]); t(lambda: a.__iadd__([1]))
a[::2]=A('i',range(len(a[::2]))); print(a[:6]); t(a.__setitem__,slice(None,None,2),A('i',[1])); 
a.byteswap(); print(a[:2]); m=memoryview(a); t(a.append,1); print(m.format,m.itemsize,len(m)==len(a)); m.release(); a.append(1)
print(pickle.loads(pickle.dumps(a))==a, copy.copy(a)==a, copy.deepcopy(a)==a, a.__reduce_ex__(2)[:2][1][0], A('i',[1]).__reduce_ex__(3)[0].__name__, A('d',[1.5]).__reduce_ex__(4)[1][1:])
print(list(reversed(A('b',[1,2]))), list(iter(A('w','ab'))), array.typecodes, array.ArrayType is A)
class S(A): pass
s=S('i',[1]); s.x=1; print(s, type(s[:]), type(s+s))
b=A('B',b'abc'); print(bytes(b), b.buffer_info()[1], bytearray(b), b.tobytes().decode()); b.clear() if hasattr(b,'clear') else 0; print(b)
import io
f=io.BytesIO(); A('h',[1,2,3]).tofile(f); print(f.getvalue()); f.seek(0); x=A('h'); x.fromfile(f,2); print(x); t(x.fromfile,f,5); print(x); t(x.fromfile,io.StringIO('abcd'),1)
it=iter(A('i',[1,2,3])); next(it); print(it.__reduce__()[1:], it.__class__)
print(sorted(A('d',[3,1,2])), A('f',[0.1])[0], A('d',[float('inf')]), A[int], A('q',[2**62,-1]), A('Q',[2**64-1]))
t(a.byteswap,1); t(a.index,1,0,1); t(lambda: A('i',[1,2,1]).index(1,1)); t(lambda: A('i',[1,2,1]).index(1,-1))
for n in sorted(x for x in dir(A) if x[0]!='_'): print(n, getattr(getattr(A,n),'__text_signature__',None))
