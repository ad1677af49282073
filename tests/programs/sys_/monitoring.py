import sys
sys.setrecursionlimit(1000)
f=sys._getframe()
print(sys.monitoring.get_tool(1))
M=sys.monitoring
M.use_tool_id(1,'x'); 
def cb(*a): print(a[1:] if len(a)>2 else a[1])
for n in ("PY_START","PY_RETURN","LINE","CALL","C_RETURN","RAISE","EXCEPTION_HANDLED","PY_UNWIND"):
    M.register_callback(1,getattr(M.events,n),lambda *a,n=n: print(n,a[0].co_name))
def t():
    x=1
    len([])
    try: {}[1]
    except KeyError: pass
M.set_events(1,M.events.PY_START|M.events.LINE|M.events.PY_RETURN|M.events.CALL|M.events.C_RETURN|M.events.C_RAISE|M.events.RAISE|M.events.EXCEPTION_HANDLED)
t()
M.set_events(1,0)
M.set_local_events(1,t.__code__,M.events.LINE)
t()
M.set_local_events(1,t.__code__,0)
t()
M.free_tool_id(1)
