# needs: packaging==26.3
from packaging.markers import Marker
from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, parse_tag
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

vs = ['1.0', '1.0.post1', '1.0a1', '1.0rc2', '1!0.5', '1.0.dev3', '2.0+local.1', '0.9.9', '1.0b2.post345.dev456']
print([str(v) for v in sorted(map(Version, vs))])
v = Version('1!2.3.4rc5.post6.dev7+abc')
print(v, v.epoch, v.release, v.pre, v.post, v.dev, v.local, v.public, v.base_version, v.is_prerelease)
print(list(SpecifierSet('>=1.0,<2,!=1.5.*').filter(['0.9', '1.0', '1.5.2', '1.9', '2.0', '2.0a1'])), '1.4.2' in SpecifierSet('~=1.4.1'), SpecifierSet('==1.*').contains('1.7'))
r = Requirement('requests[security,socks]>=2.8.1,==2.8.* ; python_version < "2.7" or (os_name == "nt" and extra == "x")')
print(r, r.name, sorted(r.extras), r.specifier, r.marker)
print(Requirement('x @ https://example.org/x.whl').url)
print(Marker('python_version >= "3.8"').evaluate({'python_version': '3.14'}), Marker('extra == "a"').evaluate({'extra': 'a'}))
for bad in ('a b', 'x>>1', 'x; python_version', ''):
    try:
        Requirement(bad)
    except InvalidRequirement as error:
        print(error)
try:
    Version('1..2')
except InvalidVersion as error:
    print(error)
print(canonicalize_name('A_b.-C'), parse_wheel_filename('foo_bar-1.2-1-py3-none-any.whl')[:3])
print(sorted(map(str, parse_tag('py2.py3-none-any'))), Tag('py3', 'none', 'any'))
print(parse_email('Metadata-Version: 2.1\nName: x\nVersion: 1\nRequires-Dist: y>1\nRequires-Dist: z\n\nText\n')[0]['requires_dist'])
