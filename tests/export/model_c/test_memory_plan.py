"""Plans for random networks: what lives at the same time never collides."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tinyml_course.export.model_c.memory_plan import Buffer, Sharing, plan_memory


@st.composite
def networks(draw):
    """Buffers with random lifetimes, and sharings between a layer's output and a dying input."""
    n = draw(st.integers(1, 12))
    buffers = [
        Buffer(i, draw(st.integers(1, 200)), i, draw(st.integers(i, min(n, i + 4))))
        for i in range(n)
    ]
    sharings = []
    for output in buffers:
        for source in buffers[: output.key]:
            if source.last == output.first and draw(st.booleans()):
                lead = draw(st.integers(0, output.size_bytes))
                sharings.append(Sharing(output.key, source.key, lead, draw(st.booleans())))
    return buffers, sharings


def collide(a: Buffer, b: Buffer, plan) -> bool:
    at, bt = plan.addresses[a.key], plan.addresses[b.key]
    return at < bt + b.size_bytes and bt < at + a.size_bytes


@settings(max_examples=200, deadline=None)
@given(networks())
def test_nothing_that_lives_is_overwritten(network):
    buffers, sharings = network
    plan = plan_memory(buffers, sharings)
    allowed = {(s.output, s.input): s for s in sharings}
    assert set(plan.addresses) == {b.key for b in buffers}
    for a in buffers:
        assert plan.addresses[a.key] % 4 == 0
        assert 0 <= plan.addresses[a.key] <= plan.arena_bytes - a.size_bytes
        for b in buffers[: a.key]:
            if a.first > b.last or not collide(a, b, plan):
                continue
            sharing = allowed[(a.key, b.key)]  # a KeyError is a collision without permission
            before = plan.addresses[b.key] - plan.addresses[a.key]
            assert before == 0 if sharing.exact else before >= sharing.lead_bytes


def test_a_chain_in_place_needs_its_largest_value_alone():
    buffers = [Buffer(i, size, i, i + 1) for i, size in enumerate((64, 64, 32, 128, 16))]
    sharings = [Sharing(i, i - 1, 0) for i in range(1, 5)]
    assert plan_memory(buffers, sharings).arena_bytes == 128
    assert plan_memory(buffers).arena_bytes == 160


def test_a_convolution_follows_its_input_through_memory():
    """32 x 32 x 16 bytes, 3x3: the output starts a row and a pixel before the input."""
    image = 32 * 32 * 16
    buffers = [Buffer(0, image, 0, 1), Buffer(1, image, 1, 2)]
    plan = plan_memory(buffers, [Sharing(1, 0, 33 * 16)])
    assert plan.arena_bytes == image + 528
    assert plan.addresses[0] - plan.addresses[1] == 528


def test_plans_are_deterministic():
    buffers = [Buffer(i, 7 * i % 50 + 1, i, i + 3) for i in range(15)]
    assert plan_memory(buffers) == plan_memory(buffers)
