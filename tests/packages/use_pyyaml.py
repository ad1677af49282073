# needs: pyyaml==6.0.3
import datetime
import yaml

TEXT = '''
# comment
name: Test
list: [1, 2.5, true, null, ~, 0x1F, 1e3, 1_000]
nested:
  a: &anchor {x: 1, "y": 'two'}
  b: *anchor
  c:
    <<: *anchor
    z: 3
literal: |
  line 1
    line 2
folded: >-
  folded
  text
date: 2024-02-29
stamp: 2024-02-29T12:30:45.5Z
set: !!set {a, b}
binary: !!binary aGVsbG8=
? complex key
: value
'''
data = yaml.safe_load(TEXT)
for key, value in data.items():
    print(key, sorted(value) if isinstance(value, set) else repr(value))
print(yaml.safe_dump(data, sort_keys=True, allow_unicode=True))
print(yaml.dump({'text': 'a\nb\n', 'long': 'word ' * 30, 'ünï': [(), {}], 'q': "it's: \"x\"", 'n': [1, [2, [3]]], 'yes': 'yes', 'num': '12'}, default_flow_style=False, width=60))
print(list(yaml.safe_load_all('--- 1\n--- two\n...\n--- [3]\n')))
for bad in ('a: [1, 2', 'a: b: c', '\tx: 1', '!!python/object:os.system {}', '*unknown', 'a: "x'):
    try:
        print(yaml.safe_load(bad))
    except yaml.YAMLError as error:
        print(type(error).__name__, error)


class Monster(yaml.YAMLObject):
    yaml_tag = '!Monster'
    yaml_loader = yaml.SafeLoader

    def __init__(self, name, hp):
        self.name, self.hp = name, hp

    def __repr__(self):
        return f'Monster({self.name!r}, {self.hp!r})'


print(yaml.safe_load('!Monster {name: Dragon, hp: [2, 6]}'))
print(yaml.dump(Monster('Orc', 3)))
print([type(event).__name__ for event in yaml.parse('a: [1]')])
print([token.__class__.__name__ for token in yaml.scan('a: 1')])
yaml.add_constructor('!sum', lambda loader, node: sum(loader.construct_sequence(node)), Loader=yaml.SafeLoader)
print(yaml.safe_load('x: !sum [1, 2, 3]'))
print(yaml.__with_libyaml__, yaml.unsafe_load('!!python/tuple [1, 2]'), yaml.dump((1, datetime.date(2020, 1, 2))))
