# __annotate__ and __annotations__ of modules.
import types
m = types.ModuleType("m")
print(m.__annotate__, '__annotate__' in m.__dict__, m.__annotations__, '__annotations__' in m.__dict__, '__annotate__' in m.__dict__)
for v in (42, None):
    try: m.__annotate__ = v
    except Exception as e: print(type(e), e)
m.__annotate__ = lambda: 42
try: m.__annotations__
except Exception as e: print(type(e), e)
m.__annotate__ = lambda x: 42
try: m.__annotations__
except Exception as e: print(type(e), e)
m.__annotate__ = lambda x: {'x': x}
print(m.__annotations__)
m.__annotate__ = None
print(m.__annotations__, m.__dict__.get('__annotations__'))
m.__annotate__ = lambda x: {'y': x}
print('__annotations__' in m.__dict__, m.__annotations__)
m.__annotations__ = {'z': 1}
print(m.__annotate__, m.__dict__.get('__annotate__',0))
for n in ('__annotate__', '__annotations__', '__annotations__'):
    try: delattr(m, n); print(n, 'gone', m.__dict__.get('__annotate__', 0))
    except Exception as e: print(type(e), e)
try: m.__annotations__ = 5; print(m.__annotations__)
except Exception as e: print(type(e), e)
del m.__dict__['__annotations__']
m.__dict__['__annotate__'] = 5
try: print(m.__annotate__, m.__annotations__)
except Exception as e: print(type(e), e)
m = types.ModuleType("m")
try: del m.__annotations__
except Exception as e: print(type(e), e)
m = types.ModuleType("m")
m.__spec__ = types.SimpleNamespace(_initializing=True, name="m")
m.__annotate__ = lambda x: {'q': x}
print(m.__annotations__, '__annotations__' in m.__dict__)
m.__spec__._initializing = False
print(m.__annotations__, '__annotations__' in m.__dict__)
