# SPDX-License-Identifier: BSD-3-Clause
"""A report on a result as one HTML page, and the figures in it."""
