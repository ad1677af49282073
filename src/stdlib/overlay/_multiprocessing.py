# Snakelet: CPython's module is in C and about processes and semaphores of an operating system; the package asks for it by name.

flags = {}
