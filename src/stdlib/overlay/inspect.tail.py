# Snakelet: the names that a function uses, read from our instructions.


def getclosurevars(func):
    """
    Get the mapping of free variables to their current values.

    Returns a named tuple of dicts mapping the current nonlocal, global
    and builtin references as seen by the body of the function. A final
    set of unbound names that could not be resolved is also provided.
    """
    if ismethod(func):
        func = func.__func__
    if not isfunction(func):
        raise TypeError("{!r} is not a Python function".format(func))
    code = func.__code__
    cells = zip(code.co_freevars, func.__closure__ or ())
    nonlocals = {}
    for name, cell in cells:
        try:
            nonlocals[name] = cell.cell_contents
        except ValueError:
            pass
    namespace = func.__globals__
    known = namespace.get("__builtins__", builtins.__dict__)
    if ismodule(known):
        known = known.__dict__
    found, builtin, unbound = {}, {}, set()
    for instruction in dis.get_instructions(code):
        name = instruction.argrepr.rpartition(", ")[2].partition(" ")[0]
        if instruction.opname in ("LoadAttr", "LoadMethod"):
            unbound.add(name)
        elif instruction.opname == "LoadGlobal":
            if name in namespace:
                found[name] = namespace[name]
            elif name in known:
                builtin[name] = known[name]
            else:
                unbound.add(name)
    return ClosureVars(nonlocals, found, builtin, unbound)
