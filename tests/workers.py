"""The processes that share the suite: how many, and what each has to itself. (pytest-django gives each a database.)

A plugin that the launcher names to pytest, as a conftest is read after Django's settings.
"""

import os

import pytest

MOST = 8  # Redis has 16 databases.


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # Such as "gw0".
        number = worker.removeprefix("gw")
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("?db=0", f"?db={number}")
        os.environ["VAR_DIR"] += f"/{worker}"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors, as many tests wait; none for a part of the suite, which is over sooner."""
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    return min((os.cpu_count() or 1) + 1, MOST) if is_whole else 0
