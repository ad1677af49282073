import _csv, csv, io
def t(*a,**k):
    try: print(a,k,_csv.Dialect(*a,**k).delimiter)
    except Exception as e: print(a,k,type(e).__name__, e)
for n in ('delimiter','quotechar','escapechar','lineterminator','quoting','doublequote','strict','skipinitialspace'):
    for v in (None,'','ab',5,b'x','\n','\r',' ',',',99,-1,'\0'): t(**{n:v})
t('nope');t(5);t(bogus=1);t(quotechar=None,quoting=1);t(delimiter=',',quotechar=',');t(escapechar='"');t(lineterminator=',');t(quotechar=' ',skipinitialspace=True);t(delimiter=' ',skipinitialspace=True);t(escapechar=' ',skipinitialspace=True); t(quotechar='\r')
def r(lines,**k):
    try: print(list(_csv.reader(lines,**k)))
    except Exception as e: print(lines,k,type(e).__name__, e)
r(['a,b','"x""y",z','"multi','line",q','','a"b,c']);r(['"a"b,c']);r(['"a"b'],strict=True);r(['"a'],strict=True);r(['"a']);r([b'x']);r(['a\nb,c']);r(['a\r\nb']);r(['1,"2",3.5,x'],quoting=2);r(['1,"2",3.5'],quoting=2);r(['1,,"",x'],quoting=5);r(['1,,"",2'],quoting=4);r(['a\\,b'],escapechar='\\');r(['a\\'],escapechar='\\');r([' a, b'],skipinitialspace=True);r(['a','"'],strict=True);r(5);r(['a,b\n','c\r\n','d\r']);r(["a'b'"],quotechar="'",quoting=3);r(['\0,a'])
r(['x'*200000]); print(_csv.field_size_limit(), _csv.field_size_limit(10)); r(['x'*11]); 
for v in ('x',):
  try: _csv.field_size_limit(v)
  except Exception as e: print(type(e).__name__,e)
_csv.field_size_limit(131072)
def w(rows,**k):
    f=io.StringIO()
    try:
        x=_csv.writer(f,**k)
        for row in rows: print(x.writerow(row),end=' ')
    except Exception as e: print(type(e).__name__, e)
    print(repr(f.getvalue()))
w([[1,'a,b','c"d',None,2.5,'',' x','x\ny']]);w([['']]);w([[None]]);w([[]]);w([['a','']],quoting=1);w([[1,'a',None,2.5]],quoting=2);w([['a,b']],quoting=3);w([['a,b','c"']],quoting=3,escapechar='\\');w([['a"b']],doublequote=False);w([['a"b']],doublequote=False,escapechar='\\');w([[1,'a',None,'']],quoting=4);w([[1,'a',None,'']],quoting=5);w([5]);w([[1]],lineterminator='X');w([['']],quoting=3);w([[None]],quoting=4);w(['abc']);w([[' a']],skipinitialspace=True);w([['a b']],delimiter=' ');w([['','']],delimiter=' ',skipinitialspace=True,quoting=3);w([['\\']],escapechar='\\');w([['a\r']])
try: _csv.writer(5)
except Exception as e: print(type(e).__name__,e)
try: _csv.register_dialect(5)
except Exception as e: print(type(e).__name__,e)
try: _csv.unregister_dialect('zz')
except Exception as e: print(type(e).__name__,e)
try: _csv.get_dialect('zz')
except Exception as e: print(type(e).__name__,e)
print(_csv.list_dialects(), type(_csv.reader([])), type(_csv.writer(io.StringIO())), _csv.Error.__mro__)
d=_csv.get_dialect('excel') if 'excel' in _csv.list_dialects() else None
for n in ('reader','writer','list_dialects','register_dialect','unregister_dialect','get_dialect','field_size_limit'): print(n,getattr(_csv,n).__text_signature__)
import pickle
try: pickle.dumps(_csv.Dialect())
except Exception as e: print(type(e).__name__,e)
