# SPDX-License-Identifier: BSD-3-Clause
"""What commands and scripts share: command lines, errors that a user can act on, and files that are
complete once they have their name."""
import argparse
import contextlib
import os
import secrets
import sys


class InputError(Exception):
    """The input or an option is wrong (exit status 2); the message says what to do."""


class OutputError(Exception):
    """An output could not be written (exit status 1); the message names it, and the reason."""


WRONG_INPUT = (InputError, OSError, KeyError, AttributeError, ValueError)


def parser_of(description, **arguments):
    """A parser for a command described by its own text; `arguments` are positional: name=help."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, text in arguments.items():
        parser.add_argument(name, help=text)
    return parser


@contextlib.contextmanager
def complete(path, *inputs):
    """The name under which to write a file, unlike that of any other command; it replaces an older
    file of its own name when all is written, and is gone when something failed. Neither one of the
    `inputs` nor something else than a file is replaced. What fails inside is taken for a failure
    of writing: inputs are to be read before."""
    if os.path.exists(path):
        if not os.path.isfile(path):
            raise InputError(f"{path}: cannot be written, it exists and is not a regular file")
        if any(os.path.samefile(path, name) for name in inputs):
            raise InputError(f"{path}: would overwrite the input")
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise InputError(f"{path}: cannot be written, there is no folder {folder}")
    temporary = f"{path}.{secrets.token_hex(4)}.part"
    try:
        yield temporary
        os.replace(temporary, path)
    except (OSError, RuntimeError) as error:  # NetCDF's own are of the second kind
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{path}: cannot be written ({reason})") from error
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def format_of(path):
    """Of a figure, by the ending of its name; PNG without one."""
    return os.path.splitext(path)[1].lstrip(".").lower() or "png"


def guarded(program, work, file="", errors=WRONG_INPUT):
    """The exit status: that of work(), 0 when it has none; 1 with a message when an output could
    not be written; or 2 with a message, which names the file if there is one, when it throws one of
    the errors of wrong input."""
    try:
        return work() or 0
    except OutputError as error:
        print(f"{program}: error: {error}", file=sys.stderr)
        return 1
    except errors as error:
        print(f"{program}: error: {f'{file}: ' if file else ''}{error}", file=sys.stderr)
        return 2
