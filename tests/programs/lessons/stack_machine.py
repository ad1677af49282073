program = """
push 10
store n
push 1
store acc
label loop
load n
jz end
load acc
load n
mul
store acc
load n
push 1
sub
store n
jmp loop
label end
load acc
print
halt
"""
code = [line.split() for line in program.strip().splitlines()]
labels = {args[0]: i for i, (op, *args) in enumerate(code) if op == "label"}
stack, variables, pc, steps = [], {}, 0, 0
binary = {"mul": lambda a, b: a * b, "sub": lambda a, b: a - b, "add": lambda a, b: a + b}
while True:
    op, *args = code[pc]
    pc += 1
    steps += 1
    match op, args:
        case "push", [value]:
            stack.append(int(value))
        case "store", [name]:
            variables[name] = stack.pop()
        case "load", [name]:
            stack.append(variables[name])
        case "jz", [label]:
            if stack.pop() == 0:
                pc = labels[label]
        case "jmp", [label]:
            pc = labels[label]
        case "print", []:
            print(stack.pop())
        case "halt", []:
            break
        case "label", _:
            pass
        case name, [] if name in binary:
            b, a = stack.pop(), stack.pop()
            stack.append(binary[name](a, b))
        case _:
            raise ValueError(f"bad instruction {op}")
print(steps, stack, variables)


def brainfuck(source):
    tape, p, i, out, jumps, opened = [0] * 30, 0, 0, [], {}, []
    for at, c in enumerate(source):
        if c == "[":
            opened.append(at)
        elif c == "]":
            jumps[at] = opened.pop()
            jumps[jumps[at]] = at
    while i < len(source):
        match source[i]:
            case ">": p += 1
            case "<": p -= 1
            case "+": tape[p] = (tape[p] + 1) % 256
            case "-": tape[p] = (tape[p] - 1) % 256
            case ".": out.append(chr(tape[p]))
            case "[" if not tape[p]: i = jumps[i]
            case "]" if tape[p]: i = jumps[i]
        i += 1
    return "".join(out)


print(brainfuck("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+."))
