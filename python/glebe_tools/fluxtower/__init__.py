# SPDX-License-Identifier: BSD-3-Clause
"""Data of flux towers as the NetCDF that Glebe reads."""
