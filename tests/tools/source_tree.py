# SPDX-License-Identifier: BSD-3-Clause
"""The source tree whose tools are tested: once this is imported, its Python package and what the
end-to-end tests share can be."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests/cli")]
