# Snakelet: in a session with Pyodide's interface the page's event loop is the running one.

if "pyodide_js" in sys.modules:
    from pyodide.webloop import install as _install
    _install()
    del _install
