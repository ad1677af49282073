import ctypes
print(ctypes.sizeof(ctypes.c_long), ctypes.c_int(2**31), ctypes.c_ubyte(-1).value, ctypes.c_float(0.1), ctypes.sizeof(ctypes.c_double(2)), ctypes.c_char(b"x"), ctypes.c_bool(5), ctypes.c_size_t(-1).value, bool(ctypes.c_int(0)), bytes(ctypes.c_short(258)), ctypes.c_long is ctypes.c_int)
for f in (lambda: ctypes.c_int("x"), lambda: ctypes.CDLL("libnone.so"), lambda: ctypes.c_char(b"xy")):
    try: f()
    except (TypeError, OSError) as e: print(type(e).__name__, e if isinstance(e, TypeError) else "")
