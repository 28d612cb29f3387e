// SPDX-License-Identifier: BSD-3-Clause
// A target needs a source: this one is here for the precompiled headers of the tests.
