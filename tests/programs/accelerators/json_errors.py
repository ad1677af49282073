import json, _json
def t(s, **k):
    try: print(repr(s), ascii(json.loads(s, **k)))
    except Exception as e: print(repr(s), type(e).__name__, ascii(str(e)))
for s in ('', '[', '{', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '[1,', '[1,]', '[1 2]', '{"a" 1}', '{a:1}', '"\\x"', '"\\u12"', '"\\u12g4"', '"\x01"', '"abc', '"\\', '-', '01', '1.', '1e', '1e5', '1.5E-3', '-0', '-0.0', '-Infinity', 'NaN', 'nul', 'tru', '1 2', '"\\ud834\\udd20"', '"\\ud834x"', '[1,\n}', '"\\ud800\\u00"', '"\\ud800\\u0041"', '\ufeff1',
          ' [ 1 , 2.5 , "x" , null , true , false , {} , [] , { "a" : [ ] } ] ', '"\u20ac\\n\U0001f600\\/"', '["\u20ac", 123456789012345678901234567890]', '"tab\there"'):
    t(s)
t('"a\tb"', strict=False)
t('[1.5, 2, NaN]', parse_float=lambda s: "F" + s, parse_int=lambda s: "I" + s, parse_constant=lambda s: "C" + s)
t('{"a": {"b": 1}, "c": []}', object_hook=lambda d: sorted(d.items()))
t('{"a": {"b": 1}, "a": 2}', object_pairs_hook=lambda p: p)
t('{"a": {"b": 1}, "a": 2}')
t('{"a": 1}', object_hook=lambda d: 1 / 0)
print(len(str(json.loads('[' * 900 + ']' * 900))))
class X: pass
def d(o, **k):
    try: print(json.dumps(o, **k))
    except Exception as e: print(type(e).__name__, e, getattr(e, '__notes__', None))
a = []; a.append(a); d(a); d({'x': [1, X()]}); d({(1,): 2}); d({(1,): 2, 3: 4}, skipkeys=True); d({b'x': 1}); d(float('nan'), allow_nan=False)
d({float('nan'): 1}, allow_nan=False); d({'k': [float('inf')]}, allow_nan=False); d({'b': 1, 'a': 2, 1: 2}, sort_keys=True)
d({'b': 1, 'a': []}, sort_keys=True, indent=2); d([X()], default=lambda o: o); d([X()], default=lambda o: 1 / 0); d([X()], default=lambda o: {"x": 1})
d({1: 2, 1.5: None, True: False, None: [], "s": {}, 10**20: 10**30}); d([1, [2, {"a": (3, 4)}], {}], indent="\t"); d([], indent=4); d({}, indent=4)
d("a\u20ac\U0001f600\"\\/\b\f\n\r\t\x00\x7f"); d("a\u20ac\U0001f600\"\\\x00\x7f", ensure_ascii=False); d([1.0, 1e100, -0.0, 1e-7, float("inf"), float("-inf"), float("nan")])
d({"a": [1, 2]}, separators=(",", ":")); d([1, 2, {"k": 1}], indent=1, separators=("; ", "= "))
class L(list): pass
class D(dict):
    def items(self): return [("z", 1), ("y", 2)]
class I(int):
    def __repr__(self): return "nope"
class F(float):
    def __repr__(self): return "nope"
class S(str): pass
d([L([1]), D(a=1), I(5), F(2.5), S("x"), {S("k"): I(1)}])
l = [X(), 1]
def grow(o):
    if len(l) < 4: l.append(2)
    return len(l)
d(l, default=grow)
for f in (lambda: _json.scanstring(1, 2), lambda: _json.scanstring('a', 9), lambda: _json.scanstring('a', -1), lambda: _json.encode_basestring(1), lambda: _json.encode_basestring_ascii(b''), lambda: _json.make_scanner(1),
          lambda: _json.make_encoder(1, 2, 3, 4, 5, 6, 7, 8, 9), lambda: json.scanner.c_make_scanner(json.JSONDecoder())(1, 2), lambda: json.scanner.c_make_scanner(json.JSONDecoder())('1', -1),
          lambda: json.scanner.c_make_scanner(json.JSONDecoder())('1', 5), lambda: _json.scanstring('abc"d', 0), lambda: json.JSONDecoder().raw_decode(' {}', 1), lambda: json.encoder.c_make_encoder({}, None, lambda s: 1, None, ':', ',', 0, 0, 1)("x", 0),
          lambda: json.encoder.c_make_encoder({}, None, lambda s: "<" + s + ">", None, ':', ',', 0, 0, 1)({"x": ["y"]}, 0)):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
print(list(json.JSONEncoder().iterencode({"a": [1]})))
try:
    json.loads('{"a": }')
except json.JSONDecodeError as e:
    print(e.msg, e.doc, e.pos, e.lineno, e.colno)
