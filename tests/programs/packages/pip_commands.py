# pip and micropip against an index in the same session. CPython of the oracle has neither: there only the last line is printed.
import contextlib
import hashlib
import io
import json
import os
import sys
import zipfile


def wheel(name, version, files, requires=(), tag='py3-none-any', extra_metadata='', build=None):
    """The file name and the bytes of a wheel."""
    plain = name.replace('-', '_').replace('.', '_')
    info = f'{plain}-{version}.dist-info'
    metadata = f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: The package {name}\n{extra_metadata}'
    metadata += ''.join(f'Requires-Dist: {line}\n' for line in requires)
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f'{info}/METADATA', metadata + '\nDescription.\n')
        archive.writestr(f'{info}/WHEEL', f'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n')
        archive.writestr(f'{info}/entry_points.txt', f'[tests]\nmain = {plain}:main\n')
        archive.writestr(f'{info}/RECORD', '')
    return f'{plain}-{version}-{tag}.whl', out.getvalue()


WHEELS = [
    wheel('alpha', '1.0', {'alpha/__init__.py': 'VALUE = 1\ndef main(): return "main"\n', 'alpha/data.txt': 'some data\n'}, ['beta>=1', "gamma; extra == 'more'", "never; sys_platform == 'win32'"]),
    wheel('alpha', '2.0', {'alpha/__init__.py': 'VALUE = 2\ndef main(): return "main"\n', 'alpha/data.txt': 'more data\n'}, ['beta>=1,<2', "gamma[x]~=1.0; extra == 'more'"]),
    wheel('alpha', '3.0a1', {'alpha/__init__.py': 'VALUE = 3\n'}, ['beta']),
    wheel('beta', '1.0', {'beta.py': 'VALUE = "beta 1.0"\n'}),
    wheel('beta', '1.5', {'beta.py': 'VALUE = "beta 1.5"\n'}),
    wheel('beta', '2.0', {'beta.py': 'VALUE = "beta 2.0"\n'}),
    wheel('Gamma', '1.0.1', {'gamma/__init__.py': '', 'gamma/deep/__init__.py': 'VALUE = 7\n', 'Gamma-1.0.1.data/data/share/gamma.txt': 'shared'}, ["delta-one; extra == 'x'"]),
    wheel('delta.one', '0.1', {'delta_one.py': 'VALUE = "delta"\n'}),
    wheel('needy', '1.0', {'needy.py': ''}, ['beta==1.0']),
    wheel('needy', '2.0', {'needy.py': ''}, ['beta==9.9']),
    wheel('clash', '1.0', {'clash.py': ''}, ['beta==1.0']),
    wheel('binary', '1.0', {'binary.so': ''}, tag='cp314-cp314-manylinux_2_17_x86_64'),
    wheel('old', '1.0', {'old.py': ''}),
    wheel('spoiled', '1.0', {'spoiled.py': ''}),
]
REQUIRES_PYTHON = {'old': '<3.0'}
fetched = []


def index_page(name):
    files = []
    for filename, contents in WHEELS:
        key = filename.split('-')[0].lower().replace('_', '-').replace('.', '-')
        if key == name:
            digest = hashlib.sha256(contents if key != 'spoiled' else b'').hexdigest()
            files.append({'filename': filename, 'url': f'/files/{filename}', 'hashes': {'sha256': digest}, 'requires-python': REQUIRES_PYTHON.get(key), 'yanked': False})
    if name == 'source':
        files.append({'filename': 'source-1.0.tar.gz', 'url': '/files/source-1.0.tar.gz', 'hashes': {}})
    return json.dumps({'meta': {'api-version': '1.0'}, 'name': name, 'files': files}).encode() if files else None


def serve():
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            fetched.append(self.path)
            parts = self.path.strip('/').split('/')
            if parts[0] == 'simple':
                body, kind = index_page(parts[1]), 'application/vnd.pypi.simple.v1+json'
            elif parts[0] == 'html':
                links = ''.join(f'<a href="../../files/{name}#sha256={hashlib.sha256(data).hexdigest()}">{name}</a>' for name, data in WHEELS if name.startswith(parts[1].replace('-', '_')))
                body, kind = f'<!DOCTYPE html><html><body>{links}</body></html>'.encode(), 'text/html'
            else:
                body, kind = dict(WHEELS).get(parts[1]), 'application/octet-stream'
            self.send_response(404 if body is None else 200)
            self.send_header('Content-Type', kind)
            self.send_header('Content-Length', str(len(body or b'')))
            self.end_headers()
            self.wfile.write(body or b'')

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def pip(*args):
    """The exit code and the output of a command."""
    import pip as module
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = module.main(list(args))
    return code, out.getvalue().strip().splitlines()


def check(what, got, wanted):
    if got != wanted:
        print(f'{what}:\n  got    {got!r}\n  wanted {wanted!r}')


def commands():
    import importlib
    import importlib.metadata
    import importlib.resources
    server = serve()
    base = f'http://127.0.0.1:{server.server_port}'
    for name in [name for name in os.environ if name.startswith('PIP_')]:
        del os.environ[name]
    os.environ['PIP_INDEX_URL'] = base + '/simple'
    check('list of nothing', pip('list'), (0, []))
    code, lines = pip('install', 'alpha')
    check('install', (code, lines[-1]), (0, 'Successfully installed alpha-2.0 beta-1.5'))
    import alpha
    import beta
    check('values', (alpha.VALUE, beta.VALUE, alpha.__file__), (2, 'beta 1.5', '/lib/python3.14/site-packages/alpha/__init__.py'))
    check('metadata', (importlib.metadata.version('alpha'), importlib.metadata.metadata('alpha')['Summary'], importlib.metadata.requires('alpha')),
          ('2.0', 'The package alpha', ['beta>=1,<2', "gamma[x]~=1.0; extra == 'more'"]))
    check('resources', importlib.resources.files('alpha').joinpath('data.txt').read_text(), 'more data\n')
    points = [(point.name, point.load()()) for point in importlib.metadata.entry_points(group='tests') if point.value == 'alpha:main']
    check('entry points', points, [('main', 'main')])
    check('files', sorted(map(str, importlib.metadata.files('beta'))), [
        'beta-1.5.dist-info/INSTALLER', 'beta-1.5.dist-info/METADATA', 'beta-1.5.dist-info/RECORD', 'beta-1.5.dist-info/WHEEL',
        'beta-1.5.dist-info/entry_points.txt', 'beta.py'])
    check('list', pip('list'), (0, ['Package Version', '------- -------', 'alpha   2.0', 'beta    1.5']))
    check('list json', json.loads(pip('list', '--format=json')[1][0]), [{'name': 'alpha', 'version': '2.0'}, {'name': 'beta', 'version': '1.5'}])
    check('freeze', pip('freeze'), (0, ['alpha==2.0', 'beta==1.5']))
    check('show', pip('show', 'beta', 'nothing'), (0, [
        'WARNING: Package(s) not found: nothing', 'Name: beta', 'Version: 1.5', 'Summary: The package beta', 'Home-page: ', 'Author: ', 'Author-email: ',
        'License: ', 'Location: /lib/python3.14/site-packages', 'Requires: ', 'Required-by: alpha']))
    check('again', pip('install', 'alpha>1'), (0, ['Requirement already satisfied: alpha>1 in /lib/python3.14/site-packages (2.0)']))
    check('extras', pip('install', 'alpha[more]')[1][-1], 'Successfully installed Gamma-1.0.1 delta_one-0.1')
    import gamma.deep
    import delta_one
    check('extras', (gamma.deep.VALUE, delta_one.VALUE, open('/share/gamma.txt').read()), (7, 'delta', 'shared'))
    check('another version', pip('install', 'alpha==1.0')[1][-2:], ['  Uninstalling alpha-2.0', 'Successfully installed alpha-1.0'])
    check('upgrade', pip('install', '-U', 'alpha')[1][-1], 'Successfully installed alpha-2.0')
    check('pre-release', pip('install', '--pre', '--upgrade', '--dry-run', 'alpha')[1][-1], 'Would install alpha-3.0a1')
    check('pre-release named', pip('install', '--dry-run', 'alpha>=3.0a0')[1][-1], 'Would install alpha-3.0a1')
    check('going back', pip('install', 'needy')[1][-1], 'Successfully installed beta-1.0 needy-1.0')
    check('check', pip('check'), (0, ['No broken requirements found.']))
    for what, wanted in [
        ('nothing-such', 'Could not find a version that satisfies the requirement nothing-such (from versions: none)'),
        ('beta>7', 'Could not find a version that satisfies the requirement beta>7 (from versions: 1.0, 1.5, 2.0)'),
        ('binary', 'binary-1.0-cp314-cp314-manylinux_2_17_x86_64.whl contains compiled code for another platform: only wheels of pure Python (ending in '
                   '-none-any.whl) can be installed here; look for a package or a version without compiled code'),
        ('old', "old 1.0 requires a different Python: 3.14.2 not in '<3.0'"),
        ('source', 'source 1.0 has no wheel, only source-1.0.tar.gz: packages are not built here; only wheels of pure Python can be installed'),
        ('a b', "Invalid requirement: 'a b': Invalid specifier: 'b'"),
        ('alpha; python_version >', "Invalid marker: 'python_version >'"),
        ('./there-is-none.whl', 'Could not find the file ./there-is-none.whl'),
    ]:
        check(what, pip('install', what), (1, ['ERROR: ' + wanted]))
    code, lines = pip('install', 'spoiled')
    check('hash of the index', (code, lines[-1].startswith('ERROR: spoiled-1.0-py3-none-any.whl does not match its hash: expected sha256 e3b0c442')), (1, True))
    code, lines = pip('install', 'clash', 'beta==2.0')
    check('conflict', (code, lines), (1, ['ERROR: These requirements contradict each other: beta==2.0 (asked for), beta==1.0 (required by clash 1.0)']))
    check('marker', pip('install', 'beta; python_version < "3"'), (0, ["Ignoring beta: markers 'python_version < \"3\"' don't match your environment"]))
    name, contents = WHEELS[7]
    digest = hashlib.sha256(contents).hexdigest()
    with open('requirements.txt', 'w') as file:
        file.write(f'# a comment\n-i {base}/html\ndelta.one==0.1 \\\n    --hash=sha256:{digest}\n')
    pip('uninstall', '-y', 'delta-one')
    check('requirements', pip('install', '-r', 'requirements.txt')[1][-1], 'Successfully installed delta_one-0.1')
    with open('wrong.txt', 'w') as file:
        file.write(f'delta.one==0.1 --hash=sha256:{"0" * 64}\n')
    code, lines = pip('install', '--force-reinstall', '-r', 'wrong.txt')
    check('wrong hash', (code, lines[-1].split(':')[1]), (1, ' delta_one-0.1-py3-none-any.whl does not match the hashes of its requirement'))
    check('no hash', pip('install', '--require-hashes', 'beta'), (1, ['ERROR: Hashes are required, and these requirements have none: beta']))
    with open('limits.txt', 'w') as file:
        file.write('beta<2\n')
    check('constraint', pip('install', '-U', '--dry-run', '-c', 'limits.txt', 'beta')[1][-1], 'Would install beta-1.5')
    with open(WHEELS[5][0], 'wb') as file:
        file.write(WHEELS[5][1])
    check('path', pip('install', './' + WHEELS[5][0])[1][-1], 'Successfully installed beta-2.0')
    check('freeze of a path', pip('freeze')[1][1], f'beta @ {os.getcwd()}/{WHEELS[5][0]}')
    check('find-links', pip('install', '--no-index', '-f', '.', '-t', 'there', 'beta')[1][-1], 'Successfully installed beta-2.0')
    check('target', sorted(os.listdir('there')), ['beta-2.0.dist-info', 'beta.py'])
    check('broken', pip('check'), (1, ['alpha 2.0 has requirement beta<2,>=1, but you have beta 2.0.', 'needy 1.0 has requirement beta==1.0, but you have beta 2.0.']))
    check('index', pip('index', 'versions', 'beta'), (0, ['beta (2.0)', 'Available versions: 2.0, 1.5, 1.0']))
    check('uninstall', pip('uninstall', '-y', 'gamma', 'nothing'), (0, [
        'Found existing installation: Gamma 1.0.1', 'Uninstalling Gamma-1.0.1:', '  Successfully uninstalled Gamma-1.0.1',
        'WARNING: Skipping nothing as it is not installed.']))
    check('uninstalled', (os.path.exists('/share/gamma.txt'), os.path.exists('/lib/python3.14/site-packages/gamma')), (False, False))
    check('unknown command', pip('dance')[0], 2)
    check('version', pip('--version')[1][0].startswith('pip '), True)

    import asyncio
    import micropip

    async def work():
        pip('uninstall', '-y', 'alpha', 'beta', 'needy', 'delta-one')
        check('nothing left', list(micropip.list()), [])
        await micropip.install('alpha[more]', index_urls=base + '/simple')
        check('micropip', sorted(micropip.list()), ['Gamma', 'alpha', 'beta', 'delta.one'])
        await micropip.install([f'{base}/files/{WHEELS[3][0]}'], deps=False)
        check('by URL', (micropip.list()['beta'].version, micropip.list()['beta'].source), ('1.0', f'{base}/files/{WHEELS[3][0]}'))
        for bad in ('binary', 'beta==7', f'{base}/files/none-1-py3-none-any.whl'):
            try:
                await micropip.install(bad)
            except ValueError as error:
                check(bad, len(str(error)) > 20, True)
        check('freeze', json.loads(micropip.freeze())['packages']['alpha']['version'], '2.0')
        micropip.uninstall(['alpha', 'beta'])
        check('after uninstall', sorted(micropip.list()), ['Gamma', 'delta.one'])

    asyncio.run(work())
    server.shutdown()


if sys.implementation.name == 'snakelet':
    commands()
print('done')
