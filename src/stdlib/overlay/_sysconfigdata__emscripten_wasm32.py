"""What module sysconfig knows of how Python was built."""

build_time_vars = {
    'ABIFLAGS': '',
    'EXT_SUFFIX': '.wasm32-emscripten.so',
    'HAVE_FORK': 0,
    'HOST_GNU_TYPE': 'wasm32-unknown-emscripten',
    'LIBDIR': '/lib',
    'MULTIARCH': 'wasm32-emscripten',
    'Py_DEBUG': 0,
    'Py_GIL_DISABLED': 0,
    'SIZEOF_VOID_P': 4,
    'SOABI': '',
    'TZPATH': '/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo',
    'WITH_DOC_STRINGS': 1,
    'WITH_PYMALLOC': 0,
    'prefix': '/',
    'exec_prefix': '/',
}
