# SPDX-License-Identifier: BSD-3-Clause
"""A heat transfer coefficient with a value for each of 60 days, found again from noisy temperatures."""
import math
import unittest

import numpy as np

from support import GlebeTest

DAYS = 60
TRUTH = [15 + 5 * math.sin(0.7 * day) + 3 * math.cos(2.1 * day) for day in range(DAYS)]
NOISE = 0.1

COMMON = """
&time start = '2001-05-01', stop = '2001-06-30', step = 3600 /
&soil depth = 1.0, nodes = 41, stretch = 1.05 /
&forcing source = 'clear_sky', longwave_constant = 320, air_temperature_constant = 295 /
&parameter name = 'thermal_conductivity', value = 0.8 /
&parameter name = 'heat_capacity', value = 2.2e6 /
&parameter name = 'albedo', value = 0.2 /
&parameter name = 'emissivity', value = 0.95 /
&parameter name = 'deep_temperature', value = 293 /
"""


class DailyHeatTransfer(GlebeTest):
    def setUp(self):
        super().setUp()
        values = ", ".join(f"{value:.6f}" for value in TRUTH)
        self.run_text("twin", f"""&run mode = 'twin', output = 'truth.nc' / {COMMON}
&observation kind = 'surface_temperature' /
&observation kind = 'soil_temperature', depth = 0.05 /
&twin file = 'observed.nc', noise = {NOISE} /
&parameter name = 'heat_transfer', time = 'steps', knot_interval = 24, value = {values} /
""")

    def run_text(self, name, text):
        (self.folder / f"{name}.nml").write_text(text)
        done = self.glebe(f"{name}.nml")
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
        return done.stdout

    def estimate(self, method, gradient):
        log = self.log = self.run_text(f"{method}_{gradient}", f"""
&run mode = 'estimate', output = '{method}_{gradient}.nc' / {COMMON}
&observation kind = 'surface_temperature', file = 'observed.nc', stamp = 'instant',
  sigma = {NOISE} /
&observation kind = 'soil_temperature', depth = 0.05, file = 'observed.nc', stamp = 'instant',
  sigma = {NOISE} /
&optimizer method = '{method}', gradient = '{gradient}', max_iterations = 300 /
&parameter name = 'heat_transfer', time = 'steps', knot_interval = 24, value = 12,
  lower = 1, upper = 60, estimate = .true. /
""")
        self.assertEqual(": by the adjoint" in log, gradient == "adjoint")
        return self.read(f"{method}_{gradient}.nc")

    def test_found_within_its_standard_deviations(self):
        result = self.estimate("auto", "auto")
        self.assertEqual(result.heat_transfer.dims, ("heat_transfer_time",))
        self.assertEqual(int(result.status), 0)
        errors = (result.heat_transfer.values - TRUTH) / result.heat_transfer_std.values
        # The mean square of 60 normal errors is 1 +- 0.18; four of these.
        self.assertLess(abs(np.mean(errors**2) - 1), 4 * math.sqrt(2 / DAYS))
        self.assertLess(float(result.heat_transfer_std.max()), 0.5)

    def test_table_in_the_log_is_short(self):
        """Of 60 values twelve are logged, from the first to the last, and a summary of all."""
        result = self.estimate("auto", "auto")
        rows = [line.split() for line in self.log.splitlines()
                if line.startswith("heat_transfer[2001-")]
        self.assertEqual(len(rows), 12)
        dates = [str(np.datetime64("2001-05-01") + day) for day in range(DAYS)]
        shown = [dates.index(row[0][len("heat_transfer["):-1]) for row in rows]
        self.assertEqual((shown[0], shown[-1]), (0, DAYS - 1))
        self.assertLessEqual(max(np.diff(shown)) - min(np.diff(shown)), 1)
        value, std = result.heat_transfer.values, result.heat_transfer_std.values
        for row, k in zip(rows, shown):
            self.assertEqual(row[4:7], ["12", f"{value[k]:.6g}", f"{std[k]:.3g}"])

        def spread(values, digits):
            median = np.sort(values)[values.size // 2]
            return (f"least {min(values):.{digits}g}, median {median:.{digits}g}, "
                    f"largest {max(values):.{digits}g}")
        self.assertIn("  heat_transfer [W m-2 K-1]: 12 of 60 values are shown, the result file has "
                      "all\n"
                      f"  {spread(value, 4)}; std: {spread(std, 3)}; 0 not determined, "
                      "0 at a bound\n",
                      self.log)
        self.assertIn("verdict:\n  heat_transfer: determined in 60 of 60 values\n", self.log)

    def test_adjoint_and_tangent_linear_end_at_the_same(self):
        newton = self.estimate("auto", "auto").heat_transfer.values
        for method, gradient in (("blmvm", "adjoint"), ("blmvm", "tangent_linear"),
                                 ("auto", "adjoint"), ("bnls", "adjoint")):
            found = self.estimate(method, gradient).heat_transfer.values
            # Both stop at a gradient of 1e-8 of the first, which leaves 1e-5 of a coefficient.
            np.testing.assert_allclose(found, newton, rtol=1e-5)

    def test_adjoint_has_no_blocks_for_column_newton(self):
        (self.folder / "case.nml").write_text(
            f"&run mode = 'estimate', output = 'x.nc' / {COMMON}"
            "&optimizer method = 'column_newton', gradient = 'adjoint' /"
            "&parameter name = 'heat_transfer', value = 12 /")
        done = self.glebe("case.nml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("gradient = 'adjoint': method = 'column_newton' works on the Gauss-Newton "
                      "blocks of columns", done.stderr)


if __name__ == "__main__":
    unittest.main()
