# oracle: native
# What of multiprocessing works without processes: pools of threads; the rest says so.
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.dummy import Pool
from multiprocessing.pool import ThreadPool


def square(n):
    return n * n


print(multiprocessing.cpu_count() >= 1, multiprocessing.current_process().name)
with Pool(3) as pool:
    print(pool.map(square, range(6)))
with ThreadPool(2) as pool:
    result = pool.apply_async(square, (7,))
    print(result.get(5), list(pool.imap(square, [1, 2, 3])), pool.starmap(pow, [(2, 3), (3, 2)]))
print(ProcessPoolExecutor.__name__)
