# needs: jsonschema==4.17.3 attrs==26.1.0 pyrsistent==0.20.0
# The versions after 4.17 need rpds, which is written in Rust.
import jsonschema
from jsonschema import Draft7Validator, Draft202012Validator, RefResolver, ValidationError, validate

schema = {
    '$schema': 'https://json-schema.org/draft/2020-12/schema', 'type': 'object', 'required': ['name', 'age'],
    'properties': {
        'name': {'type': 'string', 'minLength': 2, 'pattern': '^[A-Z]'}, 'age': {'type': 'integer', 'minimum': 0, 'maximum': 150},
        'tags': {'type': 'array', 'items': {'$ref': '#/$defs/tag'}, 'uniqueItems': True}, 'email': {'type': 'string', 'format': 'email'},
    },
    'additionalProperties': False, '$defs': {'tag': {'enum': ['a', 'b', 'c']}},
}
validate({'name': 'Ann', 'age': 3, 'tags': ['a', 'b']}, schema)
for bad in ({'name': 'Ann'}, {'name': 'x', 'age': -1}, {'name': 'Ann', 'age': 1, 'x': 2}, {'name': 'Ann', 'age': 1, 'tags': ['a', 'a', 'z']}, [], {'name': 'Bob', 'age': 1.5}):
    print(bad)
    for error in sorted(Draft202012Validator(schema).iter_errors(bad), key=lambda e: list(map(str, e.path))):
        print('  ', error.message, list(error.path), list(error.schema_path))
try:
    validate({'name': 'Ann', 'age': 'old'}, schema)
except ValidationError as error:
    print(error)
print(Draft7Validator({'anyOf': [{'type': 'string'}, {'multipleOf': 3}]}).is_valid(7))
print(jsonschema.FormatChecker().conforms('2024-13-01', 'date'), jsonschema.FormatChecker().conforms('::1', 'ipv6'))
best = jsonschema.exceptions.best_match(Draft7Validator({'properties': {'a': {'type': 'string'}}}).iter_errors({'a': 1}))
print(best.message, jsonschema.ErrorTree(Draft7Validator({'items': {'type': 'null'}}).iter_errors([None, 1]))[1].errors)
