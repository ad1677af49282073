// What both the real Pyodide and ours are asked: Python code with the bridge in it, and JavaScript that uses the proxies.
// bridge.json holds the real one's answers: node tests/js/bridge.record.mjs writes it.

/** Python programs; their last expression is the answer. */
export const python = [
  // implicit conversion into Python
  "from pyodide.code import run_js",
  "repr(run_js('null'))", "repr(run_js('undefined'))", "repr(run_js('1.5'))", "repr(run_js('2'))", "repr(run_js('-0'))", "repr(run_js('10n ** 30n'))",
  "repr(run_js('\"héé\\\\u{1F600}\"'))", "repr(run_js('[1,2]'))", "repr(run_js('({a:1})'))", "repr(run_js('(x)=>x'))", "repr(run_js('new Map([[1,2]])'))",
  "repr(run_js('true'))", "repr(run_js('NaN'))", "repr(run_js('Infinity'))", "repr(type(run_js('[]')))", "repr(run_js('Symbol(\"a\")'))",
  // deep conversion
  "run_js('[1,2,[3]]').to_py()", "run_js('({a:[1]})').to_py() == {'a': [1]}", "repr(run_js('({a:{b:1}})').to_py(depth=1)['a'])",
  "repr(run_js('new Set([1])').to_py())", "repr(run_js('new Map([[1,{b:2}]])').to_py())", "a = run_js('let q=[1]; q.push(q); q').to_py()\na[1] is a",
  "repr(run_js('new Uint8Array([1,2,3])').to_py().tolist())", "repr(run_js('new Float64Array([1.5])').to_py().tolist())",
  // attributes
  "o = run_js('({a:1, from:2, class:3, f(){ return this.a }})')", "o.a", "o.from_", "o.class_", "o.f()", "o.b = 5\no.b", "hasattr(o, 'zz')", "del o.b\nhasattr(o, 'b')",
  "getattr(o, 'zz', 'none')", "try:\n  o.zz\nexcept AttributeError as e:\n  r = str(e)\nr", "'a' in dir(o)", "o == o", "run_js('globalThis.same = {}; same') == run_js('same')", "bool(o)", "o.typeof",
  "sorted(o.object_keys().to_py())", "o.object_entries().to_py()[0]", "str(run_js('({toString(){return \"mine\"}})'))",
  // arrays
  "l = run_js('[1,2,3]')", "len(l)", "l[0]", "l[-1]", "list(l)", "l[1] = 7\nlist(l)", "l.append(9)\nlist(l)", "l.pop()", "2 in l", "7 in l", "l.index(7)", "l.count(7)", "del l[0]\nlist(l)",
  "try:\n  l[10]\nexcept IndexError as e:\n  r = str(e)\nr", "bool(run_js('[]'))", "l.extend([4, 5])\nlist(l)", "l.insert(0, 8)\nlist(l)", "[x * 2 for x in l]", "sum(l)", "sorted(l)", "l.remove(8)\nlist(l)",
  "list(run_js('[1,2,3]').map(lambda x, *_: x + 1))", "run_js('[3,1,2]').sort().join('-')", "list(run_js('[1,2,3]').filter(lambda x, i, a: x > 1))",
  // maps and sets
  "m = run_js('new Map([[\"a\", 1], [\"b\", 2]])')", "m['a']", "len(m)", "list(m)", "list(m.items())", "list(m.keys())", "list(m.values())", "'a' in m", "m['c'] = 3\nm['c']", "del m['c']\n'c' in m", "m.get('zz', 4)",
  "try:\n  m['zz']\nexcept KeyError as e:\n  r = str(e)\nr", "m.pop('b')", "len(run_js('new Set([1, 2])'))", "1 in run_js('new Set([1, 2])')", "sorted(run_js('new Set([2, 1])'))",
  "try:\n  o['a']\nexcept TypeError as e:\n  r = str(e)\nr", "try:\n  len(o)\nexcept TypeError as e:\n  r = str(e)\nr", "try:\n  iter(o)\nexcept TypeError as e:\n  r = str(e)\nr", "try:\n  o()\nexcept TypeError as e:\n  r = str(e)\nr",
  "o.as_py_json()['a']", "run_js('({a:{b:[1]}})').as_py_json()['a']['b'][0]", "list(run_js('({x:1,y:2})').as_py_json())",
  // calls
  "run_js('(a, b) => a + b')(1, 2)", "run_js('(...a) => a.length')(1, 2, 3)", "run_js('(o) => o.k + o.j')(k=1, j=2)", "run_js('(a, o) => a + o.k')(1, k=4)", "run_js('(f) => f(1, 2)')(lambda a, b: a - b)",
  "run_js('(x) => typeof x')(2**70)", "run_js('(x) => typeof x')(2**30)", "run_js('(x) => typeof x')(None)", "run_js('(x) => typeof x')(1.0)", "run_js('(x) => typeof x')(True)", "run_js('(x) => typeof x')([1])", "run_js('(x) => typeof x')(len)",
  "run_js('(x) => x.type')([1])", "run_js('(x) => x.length')([1, 2])", "run_js('(x) => x.get(0)')([5])", "run_js('(x) => x')({'a': 1}) == {'a': 1}", "d = {}\nrun_js('(x) => x')(d) is d", "run_js('(x) => x === x')(d)",
  "from js import Date, Object, Array, JSON, Math\nMath.max(1, 5, 3)", "Date.new(2020, 0, 5).getFullYear()", "str(Date.new(0).toISOString())", "JSON.stringify(run_js('({a:[1,null]})'))", "Array.new(1, 2).length", "from js import console\ntype(console).__name__",
  "import js\njs.parseInt('12')", "js.globalThis == js", "try:\n  js.nothing\nexcept AttributeError as e:\n  r = type(e).__name__\nr",
  // explicit conversion into JavaScript
  "from pyodide.ffi import to_js, create_proxy, JsProxy, JsException, jsnull, JsArray, JsMap, JsPromise, JsCallable, destroy_proxies, create_once_callable",
  "JSON.stringify(to_js([1, [2, 3], 'a', None, True]))", "run_js('(x) => Array.isArray(x)')(to_js([1]))", "JSON.stringify(to_js({'a': [1, {'b': 2}]}, dict_converter=Object.fromEntries))",
  "run_js('(x) => x instanceof Set')(to_js({1, 2}))", "run_js('(x) => x.constructor.name')(to_js(b'abc'))", "to_js((1, 2)).length", "run_js('(x) => x.length')(to_js([[1], [2]], depth=1))", "run_js('(x) => x[0].type')(to_js([[1], [2]], depth=1))",
  "repr(to_js(5)), repr(to_js('a')), repr(to_js(None))", "run_js('(x) => x === null')(jsnull)", "run_js('(x) => x === undefined')(None)", "bool(jsnull)", "repr(jsnull)",
  "isinstance(run_js('[]'), JsArray), isinstance(run_js('({})'), JsArray), isinstance(run_js('(x) => x'), JsCallable), isinstance(run_js('new Map'), JsMap)", "isinstance(run_js('({})'), JsProxy), isinstance(1, JsProxy)",
  "p = create_proxy([1, 2])\nrun_js('(x) => { globalThis.held = x; return x.length }')(p)", "run_js('held.length')", "p.destroy()", "try:\n  run_js('held.length')\nexcept JsException as e:\n  r = 'destroyed' in str(e)\nr",
  "f = create_once_callable(lambda x: x + 1)\nrun_js('(f) => f(1)')(f)", "try:\n  run_js('(f) => f(1)')(f)\nexcept JsException as e:\n  r = 'once' in str(e)\nr",
  "run_js('(f) => { globalThis.lost = f }')(lambda: 1)", "try:\n  run_js('lost()')\nexcept JsException as e:\n  r = 'automatically destroyed' in str(e)\nr",
  "L = run_js('[]')\nto_js([object(), [object()]], pyproxies=L)\nlen(L)", "destroy_proxies(L)", "relaxed = 1",
  "class A:\n  v = 3\nto_js([A()], default_converter=lambda o, c, r: o.v)[0]", "try:\n  to_js([A()], create_pyproxies=False)\nexcept Exception as e:\n  r = type(e).__name__\nr",
  // errors
  "try:\n  run_js('throw new TypeError(\"x\")')\nexcept JsException as e:\n  r = [str(e), e.name, e.message, str(e.js_error)]\nr", "try:\n  run_js('(f) => f()')(lambda: 1/0)\nexcept ZeroDivisionError as e:\n  r = str(e)\nr",
  "run_js('(f) => { try { f() } catch (e) { return e.name + \" \" + e.type } }')(lambda: 1/0)", "run_js('(f) => { try { return f() } finally { } }')(lambda: 5)", "try:\n  run_js('syntax error here')\nexcept JsException as e:\n  r = e.name\nr",
  "try:\n  run_js(5)\nexcept TypeError as e:\n  r = str(e)\nr", "def g():\n  raise KeyError('k')\ntry:\n  run_js('(f) => [1].map(() => f())')(g)\nexcept KeyError as e:\n  r = e.args\nr",
  // iteration, generators
  "list(run_js('(function*(){ yield 1; yield 2 })()'))", "next(run_js('[7][Symbol.iterator]()'))", "run_js('(it) => [...it].join()')(range(4))", "run_js('(it) => [...it].join()')(x * x for x in range(3))", "dict(run_js('[[1, 2], [3, 4]]'))",
  // code
  "from pyodide.code import eval_code, find_imports, should_quiet, CodeRunner\neval_code('1 + 1')", "eval_code('x = 5', {})", "eval_code('x = 5', {}, return_mode='last_expr_or_assign')", "eval_code('1;')", "find_imports('import numpy as np; from scipy import stats')", "should_quiet('1;'), should_quiet('1'), should_quiet('1 # ;')",
  "CodeRunner('1 + x').compile().run({'x': 3})", "from pyodide.code import relaxed_call\nrelaxed_call(lambda a: a, 1, 2, 3)",
];

/** Programs with top-level await. */
export const asynchronous = [
  "from pyodide.code import run_js\nawait run_js('Promise.resolve(5)')",
  "await run_js('new Promise((resolve) => setTimeout(() => resolve([1,2]), 10))')\n1",
  "from pyodide.ffi import JsException\ntry:\n  await run_js('Promise.reject(new Error(\"no\"))')\nexcept JsException as e:\n  r = str(e)\nr",
  "async def f(x):\n  return x + await run_js('Promise.resolve(1)')\nawait f(2)",
  "x = run_js('(f) => f()')(lambda: 4)\nx",
  "await run_js('(async (f) => (await f()) + 1)')(f.__get__(3) if False else (lambda: 5))",
  "p = run_js('Promise.resolve(3)').then(lambda v: v * 2)\nawait p",
  "p = run_js('Promise.reject(new Error(\"e\"))').catch(lambda e: 'caught ' + e.message)\nawait p",
  "seen = []\np = run_js('Promise.resolve(3)').finally_(lambda: seen.append(1))\n[await p, seen]",
];

/** JavaScript over an instance; each is the body of a function that gets `pyodide`. */
export const javascript = [
  "return pyodide.runPython('[1, 2]').toJs()", "return pyodide.runPython('{1, 2}').toJs() instanceof Set", "return [...pyodide.runPython('{\"a\": 1}').toJs({dict_converter: Object.entries})]",
  "return pyodide.runPython('(1, (2, 3))').toJs({depth: 1})[1].type", "return pyodide.runPython('[1, 2, 3]').map((x) => x * 2)", "return pyodide.runPython('[4, 5]')[1]", "return pyodide.runPython('[4, 5]').join('+')",
  "return 0 in pyodide.runPython('[4]')", "return pyodide.runPython('{\"a\": 1}').get('a')", "return pyodide.runPython('{\"a\": 1}').has('b')", "return String(pyodide.runPython('{\"a\": 1}').get('b'))", "const d = pyodide.runPython('{}'); d.set('k', 5); return d.get('k')",
  "return [...pyodide.runPython('range(3)')]", "return pyodide.runPython('lambda a, b=2: a + b')(1)", "return pyodide.runPython('lambda a, b=2: a + b').callKwargs(1, {b: 5})", "return pyodide.runPython('class P:\\n  x = 3\\nP()').x",
  "const p = pyodide.runPython('P()'); p.y = 4; return p.y", "const p = pyodide.runPython('P()'); return 'zz' in p", "return typeof pyodide.runPython('len')", "return pyodide.runPython('len').type", "return pyodide.runPython('P()').toString().startsWith('<__main__.P')",
  "return pyodide.runPython('b\"ab\"').toJs()", "return pyodide.runPython('b\"ab\"').getBuffer().data.length", "const f = pyodide.runPython('async def co(): return 7\\nco'); return await f()", "return await pyodide.runPythonAsync('1 + 1')", "return pyodide.toPy({a: [1, 2]}).toString()",
  "return pyodide.toPy([1, {b: 2}]).get(1).toString()", "pyodide.registerJsModule('my_module', {f: (x) => x + 1, a: {b: 5}}); return pyodide.runPython('import my_module\\nfrom my_module import f\\nf(1) + my_module.a.b')",
  "pyodide.unregisterJsModule('my_module'); try { pyodide.runPython('import sys\\nsys.modules.pop(\"my_module\", None)\\nimport my_module'); return 'there' } catch (e) { return e.type }", "pyodide.globals.set('obj', {x: 5}); return pyodide.runPython('obj.x')",
  "const o = {}; pyodide.globals.set('obj', o); return pyodide.globals.get('obj') === o", "return pyodide.runPython('x = 3; x', {globals: pyodide.toPy({})})", "const g = pyodide.toPy({y: 4}); return pyodide.runPython('y + 1', {globals: g})", "return pyodide.pyimport('math').sqrt(16)", "return pyodide.pyimport('os.path').type",
  "const g = pyodide.runPython('(i * i for i in range(3))'); return [g.next().value, g.next().value, g.next().value, g.next().done]", "return pyodide.runPython('[1]') instanceof pyodide.ffi.PyProxy", "return {} instanceof pyodide.ffi.PyProxy", "return pyodide.runPython('len') instanceof pyodide.ffi.PyCallable",
  "return pyodide.runPython('{}') instanceof pyodide.ffi.PyDict", "return pyodide.runPython('[]') instanceof pyodide.ffi.PySequence", "try { pyodide.runPython('raise ValueError(\"v\")') } catch (e) { return [e.name, e.type, e.message.trim().split('\\n').pop()] }",
  "return pyodide.runPython('def cb(x): return x + 1\\ncb').captureThis().call(5)", "const f = pyodide.runPython('cb'); return [1, 2].map((x) => f(x))", "return pyodide.PATH.join('a', '../b', 'c')", "pyodide.FS.mkdirTree('/home/web/a/b'); return pyodide.FS.analyzePath('/home/web/a/b').exists",
  "pyodide.FS.writeFile('/home/web/t.txt', 'hé'); return pyodide.FS.readFile('/home/web/t.txt', {encoding: 'utf8'})", "return pyodide.FS.readdir('/home/web').sort()", "return pyodide.runPython('2**53'), typeof pyodide.runPython('2**53')",
  "return pyodide.runPython('None') === undefined", "return pyodide.runPython('from pyodide.ffi import jsnull; jsnull') === null", "return pyodide.runPython('import js; js') === globalThis",
];
