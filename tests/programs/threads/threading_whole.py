# oracle: native
# threading whole: results that don't depend on the order of switching.
import threading, time, queue, sys
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
lock=threading.Lock(); total=0
def work(n):
    global total
    for _ in range(n):
        with lock: total+=1
ts=[threading.Thread(target=work,args=(50,)) for _ in range(10)]
[t.start() for t in ts]; [t.join() for t in ts]; print(total)
ev=threading.Event(); res=[]
def waiter(): res.append(ev.wait(1))
t=threading.Thread(target=waiter,name='w'); t.start(); time.sleep(.02); ev.set(); t.join(); print(res, t.name, t.is_alive())
b=threading.Barrier(3); out=[]
def bar(i): b.wait(); out.append(i)
ts=[threading.Thread(target=bar,args=(i,)) for i in range(3)]; [t.start() for t in ts]; [t.join() for t in ts]; print(sorted(out))
sem=threading.BoundedSemaphore(2); 
try: sem.release()
except ValueError as e: print(e)
tm=threading.Timer(.02, lambda: print('timer')); tm.start(); tm.join()
tm=threading.Timer(5, print); tm.start(); tm.cancel(); tm.join()
loc=threading.local(); loc.x=1
def f():
    try: loc.x
    except AttributeError as e: print(e)
t=threading.Thread(target=f); t.start(); t.join()
def bad(): 1/0
def hook(args): print('hook', args.exc_type.__name__, args.thread.name)
threading.excepthook=hook
t=threading.Thread(target=bad,name='bad'); t.start(); t.join()
cond=threading.Condition(); items=[]
def cons():
    with cond:
        while not items: cond.wait()
        print('item', items.pop())
t=threading.Thread(target=cons); t.start()
with cond: items.append(5); cond.notify()
t.join()
with cond: print(cond.wait_for(lambda: False, timeout=.01))
q=queue.Queue(maxsize=2)
def prod():
    for i in range(5): q.put(i)
    q.put(None)
threading.Thread(target=prod,daemon=True).start()
l=[]
while (x:=q.get()) is not None: l.append(x)
print(l)
try: q.get(timeout=.01)
except queue.Empty as e: print('empty')
with ThreadPoolExecutor(3) as ex:
    print(list(ex.map(lambda x: x*x, range(5))))
    fs=[ex.submit(pow, 2, i) for i in range(3)]
    print(sorted(f.result() for f in as_completed(fs)))
    f=ex.submit(bad)
    try: f.result()
    except ZeroDivisionError as e: print('zde')
print(threading.active_count(), threading.current_thread().name, threading.main_thread() is threading.current_thread())
print([t.name for t in threading.enumerate()])
