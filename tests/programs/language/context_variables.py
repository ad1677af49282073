import contextvars
from contextvars import ContextVar, copy_context, Context, Token
v = ContextVar("v", default=5); w = ContextVar("w")
print(v.get(), w.get(1), v.name)
try: w.get()
except LookupError as e: print(type(e).__name__, e.args[0] is w)
t = v.set(7); print(v.get(), t.old_value is Token.MISSING, Token.MISSING, t.var is v)
ctx = copy_context()
def f(a, *, b): v.set(a); return v.get() + b
print(ctx.run(f, 10, b=1), v.get(), ctx[v], v in ctx, len(ctx), w in ctx, list(ctx) == [v])
v.reset(t); print(v.get())
try: v.reset(t)
except RuntimeError as e: print("RE", str(e).endswith("has already been used once"))
try: w.reset(v.set(1))
except ValueError as e: print("VE", "different ContextVar" in str(e))
try: ctx.run(ctx.run, f)
except RuntimeError as e: print("entered" in str(e))
for bad in (lambda: ContextVar(5), lambda: ctx[5], lambda: 5 in ctx, lambda: ctx.get(5), lambda: v.reset(5)):
    try: bad()
    except Exception as e: print(type(e).__name__, e)
with v.set(99): print(v.get())
print(v.get(), repr(ContextVar("x", default=[1])).split(" at")[0], dict(ctx.items())[v])
print(ContextVar[int], sorted(map(str, ctx.values())))
try: w.__class_getitem__
except Exception as e: print(e)
