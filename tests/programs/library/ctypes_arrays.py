# Arrays of C's simple types, as values.
import ctypes

Three = ctypes.c_int * 3
array = Three(1, 2)
print(len(array), list(array), array[1], array[:2], ctypes.sizeof(array), Three.__name__, ctypes.c_int * 3 is Three)
array[2] = 2**31
print(list(array), bytes(array))
for wrong in (lambda: array[3], lambda: ctypes.c_int * -1, lambda: ctypes.c_int * 1.5, lambda: ctypes.Array(), lambda: Three(1, 2, 3, 4)):
    try:
        wrong()
    except Exception as error:
        print(type(error).__name__, error)
nested = (Three * 2)((1, 2, 3))
print(nested[0][:], nested[1][:], ctypes.sizeof(nested))
text = ctypes.create_string_buffer(b"abc")
print(text.value, text.raw, len(text))
text.value = b"x"
print(text.value, text.raw, text[0], text[:2])
print(ctypes.create_string_buffer(2).raw, list((ctypes.c_double * 2).from_buffer_copy(bytes(16))))
print(ctypes.Array[int], ctypes.py_object(5).value)
