# needs: pytest==9.2.0 pluggy==1.7.0 iniconfig==2.3.1 packaging==26.3 pygments==2.21.0
import os
import _pytest.terminal
import pytest

_pytest.terminal.format_session_duration = lambda seconds: '0.00s'
# A folder that is named alike everywhere.
os.makedirs('/tmp/suite', exist_ok=True)
os.chdir('/tmp/suite')
with open('test_things.py', 'w') as file:
    file.write('''
import sys
import warnings
import pytest


@pytest.fixture
def numbers():
    print("set up")
    yield [1, 2, 3]
    print("tear down")


@pytest.fixture(scope="module", params=["a", "b"])
def letter(request):
    return request.param


def test_sum(numbers):
    assert sum(numbers) == 6


def test_fails(numbers):
    numbers.append(4)
    assert numbers == [1, 2, 3], "a list"


def test_dict():
    assert {"a": 1, "b": 2} == {"a": 1, "b": 3}


@pytest.mark.parametrize("x, y", [(1, 2), (2, 4), (3, 5)])
def test_double(x, y):
    assert x * 2 == y


def test_letter(letter):
    assert letter in "ab"


def test_raises():
    with pytest.raises(ZeroDivisionError, match="division"):
        1 / 0


def test_approx():
    assert 0.1 + 0.2 == pytest.approx(0.3)


@pytest.mark.skip(reason="not today")
def test_skip():
    pass


@pytest.mark.xfail(reason="known")
def test_xfail():
    assert False


def test_error(missing_fixture):
    pass


class TestClass:
    def setup_method(self):
        self.x = 1

    def test_method(self, tmp_path, monkeypatch, capsys):
        (tmp_path / "f").write_text("x")
        monkeypatch.setenv("A", "b")
        print("out")
        assert capsys.readouterr().out == "out\\n"
        assert self.x == 1


def test_warns():
    with pytest.warns(UserWarning):
        warnings.warn("w")


def helper(n):
    return 1 // n


def test_traceback():
    for i in (1, 0):
        helper(i)
''')
code = pytest.main(['-p', 'no:cacheprovider', '-ra', '--color=no', '--rootdir=.', 'test_things.py'])
print(code)
code = pytest.main(['-p', 'no:cacheprovider', '-v', '-k', 'double or raises', '--color=no', '--no-header', 'test_things.py'])
print(code)
print(pytest.main(['-p', 'no:cacheprovider', '--collect-only', '-q', 'test_things.py']))
