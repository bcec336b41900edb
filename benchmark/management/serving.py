"""What the web server of `manage.py up` loads: the application, in a process that ends with the server above it."""

import signal

from benchmark.embedded.process import end_with_parent

end_with_parent(signal.SIGKILL)

from benchmark.wsgi import application  # noqa: E402 (first the promise, then everything that takes time)

__all__ = ["application"]
