# needs: tabulate==0.10.0
from tabulate import tabulate, tabulate_formats

rows = [['Sun', 696000, 1989100000], ['Earth', 6371, 5973.6], ['Moon', 1737, 73.5], ['Mars', None, True]]
for style in tabulate_formats:
    print('--', style)
    print(tabulate(rows, headers=['Planet', 'R (km)', 'mass'], tablefmt=style))
print(tabulate({'a': [1, 22], 'b': ['x\ny', 'z']}, headers='keys', tablefmt='grid', showindex=True))
print(tabulate([[1.23456, '0.5'], [100, '3']], floatfmt='.2f', numalign='center', stralign='right'))
print(tabulate([{'n': 1, 'm': 2}, {'n': 3}], headers={'n': 'N', 'm': 'M'}, missingval='?'))
