import time

a = time.monotonic()
b = time.time()
c = time.perf_counter()
time.sleep(0.02)
print(time.monotonic() - a >= 0.019, time.time() - b >= 0.015, time.perf_counter() - c >= 0.019, time.monotonic_ns() > 0, time.time_ns() > 10 ** 18, time.process_time() >= 0)
t = time.gmtime(0)
print(t.tm_year, t.tm_mon, t.tm_mday, t[3:6], t.tm_wday, t.tm_yday, len(t), tuple(t))
print(time.strftime("%Y-%m-%d %H:%M:%S %j %a %A %b %B %p %%", time.gmtime(86400 * 200)), time.asctime(time.gmtime(0)), time.gmtime(1e9).tm_year)
print(time.struct_time((2024, 2, 29, 1, 2, 3, 3, 60, 0)), time.strptime("2024-02-29", "%Y-%m-%d")[:3])
for bad in (lambda: time.gmtime("x"), lambda: time.strftime(5), lambda: time.asctime((1, 2)), lambda: time.struct_time((1,))):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
