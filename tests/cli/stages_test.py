# SPDX-License-Identifier: BSD-3-Clause
"""Estimates in stages, each of which frees more parameters."""
import copy
import unittest

import numpy as np

from refusal import RefusalTest, line_of
from support import GlebeTest, estimating, group_of, site_case, weather, write_series

STREAMS = ("surface_temperature", ("soil_temperature", 0.1))
SOIL = ("thermal_conductivity", "heat_capacity")
ALL = (*SOIL, "albedo", "heat_transfer")


class Stages(GlebeTest):
    def case(self, *free):
        if not (self.folder / "truth.nc").exists():
            self.twin = self.write_truth(*STREAMS, twin={"noise": 0.1})
        case = estimating(self.twin, *ALL)
        if free:
            case["stages"] = {"free": list(free)}
        return case

    def test_end_where_a_direct_fit_ends(self):
        direct = self.run_case(self.case(), name="direct").data
        run = self.run_case(self.case("thermal_conductivity heat_capacity", "albedo"))
        for name in ALL:
            np.testing.assert_allclose(run.data[name], direct[name], rtol=1e-6)
            np.testing.assert_allclose(run.data[name + "_std"], direct[name + "_std"], rtol=1e-6)
        np.testing.assert_allclose(run.data.cost_final, direct.cost_final, rtol=1e-10)
        np.testing.assert_allclose(run.data.cost_initial, direct.cost_initial, rtol=1e-12)
        self.assertEqual(run.data.sizes["stage"], 3)
        self.assertEqual(run.data.stage.freed,
                         "thermal_conductivity, heat_capacity; albedo; heat_transfer")
        self.assertTrue((np.diff(run.data.stage_cost) < 0).all())
        np.testing.assert_allclose(run.data.stage_cost[-1], run.data.cost_final, rtol=1e-12)
        held = run.data.stage_estimate.values
        np.testing.assert_allclose(held[0, 2:], [0.35, 10.0], rtol=1e-14)
        np.testing.assert_allclose(held[1, 3], 10.0, rtol=1e-14)
        np.testing.assert_allclose(held[2], [run.data[name] for name in ALL], rtol=1e-14)
        for text in ("stage 1 of 3: thermal_conductivity, heat_capacity\n",
                     "stage 3 of 3: heat_transfer\n", "after stage 3 of 3: "):
            self.assertIn(text, run.log)

    def test_a_stage_is_an_estimate_of_its_parameters(self):
        staged = self.run_case(self.case("thermal_conductivity heat_capacity")).data
        case = self.case()
        for name in ALL[2:]:
            group = group_of(case, name)
            for key in ("estimate", "lower", "upper"):
                del group[key]
        alone = self.run_case(case, name="alone").data
        np.testing.assert_allclose(staged.stage_estimate[0, :2], [alone[name] for name in SOIL],
                                   rtol=1e-14)
        np.testing.assert_allclose(staged.stage_cost[0], alone.cost_final, rtol=1e-14)
        self.assertEqual(staged.stage_iterations[0], alone.iterations)

    def test_parts_of_the_window_go_through_all_stages(self):
        case = self.case("thermal_conductivity heat_capacity")
        case["split"] = {"parts": 2}
        staged = self.run_case(case).data
        del case["stages"]
        direct = self.run_case(case, name="direct").data
        for name in ALL:
            np.testing.assert_allclose(staged[name + "_part"], direct[name + "_part"], rtol=1e-5,
                                       err_msg=name)

    def test_no_further_stage_if_all_are_named(self):
        data = self.run_case(self.case("albedo heat_transfer", "heat_capacity",
                                       "thermal_conductivity")).data
        self.assertEqual(data.sizes["stage"], 3)
        data = self.run_case(self.case(" ".join(ALL))).data
        self.assertNotIn("stage", data.dims)

    def test_prior_stays_that_of_the_first_guess(self):
        """A prior that is much stronger than the data holds its parameter in every stage."""
        case = self.case("albedo", "heat_transfer")
        group_of(case, "albedo")["prior_std"] = 1e-7
        data = self.run_case(case).data
        np.testing.assert_allclose(data.stage_estimate[:, 2], 0.35, atol=1e-5)

    def test_grid_on_ranks_and_a_value_for_the_domain(self):
        hours = np.arange(-6, 79)
        write_series(self.folder / "weather.nc", hours, weather(hours, (2, 3)), ("y", "x"))
        case = self.case("thermal_conductivity", "albedo")
        one, *others = (self.run_case(case, ranks=n, name=f"ranks_{n}").data for n in (1, 3))
        self.assertEqual(one.stage_estimate.dims, ("stage", "control", "y", "x"))
        for other in others:
            self.assert_same_results(one, other)
        shared = copy.deepcopy(case)
        group_of(shared, "albedo")["space"] = "domain"
        data = self.run_case(shared, ranks=2, name="domain").data
        del shared["stages"]
        direct = self.run_case(shared, name="direct").data
        for name in ALL:
            np.testing.assert_allclose(data[name], direct[name], rtol=1e-5, err_msg=name)


class Refusals(RefusalTest):
    def refuse(self, free, *words):
        self.case["stages"] = {"free": free}
        self.assert_refused(line_of(self.case, "free ="), "&stages free", *words, earlier=False)

    def test_names(self):
        self.refuse(["albdeo"], "'albdeo': no such parameter", "'albedo'")
        self.refuse(["emissivity"], "'emissivity': is not a parameter that is estimated")
        self.refuse(["albedo", "albedo"], "'albedo': named twice, in stage 1 and in stage 2")
        self.refuse(["albedo(upper)"], "albedo does not belong to a horizon")
        self.refuse(["thermal_conductivity(lower)"], "no such horizon")

    def test_follower(self):
        group = group_of(self.case, "emissivity")
        del group["value"]
        group["same_as"] = "albedo"
        self.refuse(["emissivity"], "'emissivity': follows 'albedo', which is to be named in its "
                                    "place")

    def test_several_starts(self):
        self.case["stages"] = {"free": ["albedo"]}
        self.case["optimizer"] = {"starts": 3}
        self.assert_refused(line_of(self.case, "starts"), "must be 1 with &stages", earlier=False)


if __name__ == "__main__":
    unittest.main()
