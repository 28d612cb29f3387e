# SPDX-License-Identifier: BSD-3-Clause
"""The Python tools of Glebe: results read, reported and drawn; inputs converted."""
