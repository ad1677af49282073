# Snakelet: no instruction marks where a function's body begins: it is the first one.

def find_first_executable_line(code):
    for instruction in dis.get_instructions(code):
        if instruction.positions.lineno is not None:
            return instruction.positions.lineno
    return code.co_firstlineno
