# needs: hypothesis==6.155.7 sortedcontainers==2.4.0
from hypothesis import HealthCheck, Phase, assume, example, find, given, seed, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

quiet = settings(database=None, max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
count = 0


@quiet
@given(st.lists(st.integers()))
def reversing_twice(items):
    global count
    count += 1
    assert list(reversed(list(reversed(items)))) == items


reversing_twice()
print(count)


@quiet
@given(st.integers(), st.integers())
def addition_is_small(a, b):
    assert a + b < 1000


try:
    addition_is_small()
except AssertionError as error:
    print('falsified', [note for note in error.__notes__ if 'Falsifying' in note][0].split('(')[0])


@quiet
@given(st.text(alphabet='abc'), st.dictionaries(st.booleans(), st.floats(allow_nan=False)), st.one_of(st.none(), st.binary(max_size=4)))
@example('', {}, None)
def strategies_compose(text, mapping, maybe):
    assume(len(text) < 10)
    assert set(text) <= set('abc') and all(isinstance(value, float) for value in mapping.values())
    assert maybe is None or len(maybe) <= 4


strategies_compose()
print(find(st.lists(st.integers()), lambda items: sum(items) >= 10, settings=quiet))
print(find(st.text(), lambda text: len(text) > 2, settings=quiet))


class Stack(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.items = []

    @rule(value=st.integers())
    def push(self, value):
        self.items.append(value)

    @rule()
    def pop(self):
        if self.items:
            self.items.pop()

    @invariant()
    def short(self):
        assert len(self.items) < 1000


run_state_machine_as_test(Stack, settings=quiet)


@st.composite
def pairs(draw):
    low = draw(st.integers(0, 10))
    return low, draw(st.integers(low, 20))


@quiet
@given(pairs(), st.data())
def ordered(pair, data):
    assert pair[0] <= pair[1]
    assert data.draw(st.sampled_from('xyz')) in 'xyz'


ordered()
print(st.integers(0, 5), st.lists(st.text(), min_size=1), st.builds(complex, st.just(1.0)), st.from_regex(r'[a-z]+', fullmatch=True))
print('done')
