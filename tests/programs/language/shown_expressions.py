# What strings show of the source of their fields: comments are left out, quotes are not.
import sys

one, two = 1, 2
print([f"{ one + two = # a comment
  }"])
print([f"""{ # first
 one # second
 + # third "
 two # fourth
 = # "fifth"
 }"""])
print([f"{"#" # here
  + "a#b" = }"])
print([f"{'''#'''  + "\"#" = }"], [f"{ one # x
 = !s:>5}"])
template = t"{ one + 2 # c
  + 3 # "x"
 }{ (two # d
 ) = }{one  =  }"
print(template.strings, [field.expression for field in template.interpolations])

# Literals have a limit, too.
for source in 'a = 1\nb = ' + '3' * 5000 + '\nc', 'x = (1 + ' + '3' * 5000 + ') y', '0x' + 'f' * 5000, '1' * 4300, '1' * 4301, '1_' * 4300 + '1':
    try:
        compile(source, 'file', 'exec')
        print('accepted')
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, len(error.text))
for digits in 5000, 0:
    sys.set_int_max_str_digits(digits)
    print(eval('1' * 5000) % 1000)

# Thousands of fields are no nesting.
x = 'x'
fields = "{x} " * 255
print(len(eval(("f'" + fields + "'") * 64)))
