# SPDX-License-Identifier: BSD-3-Clause
"""A disk without space, for tests in this process."""
import contextlib
import resource


@contextlib.contextmanager
def files_of_at_most(size):
    """No file can be written beyond `size` bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
