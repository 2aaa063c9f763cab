"""`--whole-matrix`: every build for every core, not just two of them."""


def pytest_addoption(parser):
    parser.addoption("--whole-matrix", action="store_true", help="every build of every core too")


def pytest_configure(config):
    config.addinivalue_line("markers", "whole_matrix: left out unless --whole-matrix is given")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--whole-matrix", default=False):
        return
    left_out = [item for item in items if item.get_closest_marker("whole_matrix")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
