"""What every test rests on: the settings under test name this process's own folder, database and queue."""

import os
from pathlib import Path

from django.conf import settings

from benchmark.environment import data_dir
from tests.engines import number_of_this_worker


def test_each_worker_has_a_folder_and_a_queue_of_its_own():
    number = number_of_this_worker()
    assert Path(settings.DATA_DIR) == data_dir()
    assert data_dir().name == f"files{number}"
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert settings.REDIS_URL.endswith(f"/{number}")
