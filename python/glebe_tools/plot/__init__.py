# SPDX-License-Identifier: BSD-3-Clause
"""Commands that draw one figure of a result each."""
