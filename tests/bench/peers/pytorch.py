#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Processor seconds per cost and gradient of a column in PyTorch, as a differentiable model is
written there: the time loop in Python, autograd through it, many columns at once as a batch, double
precision.

The case and the answers that must be found come from glebe_bench_peers. One JSON object per way
and size of the batch; a cost or gradient that differs is an error. See tools/peers.sh.
"""
import argparse
import json
import statistics
import sys
import time

import torch

STEFAN_BOLTZMANN = 5.670374419e-8
NEWTON_STEPS = 4


class Columns:
    """The columns of the case at parameters x [column][6]; the equations: plain_column.hpp."""

    def __init__(self, case, x):
        self.case, self.x = case, x
        self.n = case["nodes"] - 1  # unknown temperatures, the bottom is given
        conductivity, capacity, albedo, transfer, bowen, self.bottom = x.unbind(1)
        self.exchange = transfer * (1 + 1 / bowen)
        self.absorbed = 1 - albedo
        self.warmed = case["dt"] / (0.5 * capacity * case["dz"])  # [K m2 W-1] of the first node
        self.r = case["dt"] * conductivity / (capacity * case["dz"] ** 2)

    def surface(self, u, s, first, step):
        """The root of T = u + s Q(T). Newton's steps are taken outside the graph; the last one in
        it, with a slope that is a constant, has the derivative of the root."""
        case = self.case
        gained = (self.absorbed * case["shortwave"][step] + case["longwave"][step]
                  + self.exchange * case["air_temperature"][step])
        radiates = case["emissivity"] * STEFAN_BOLTZMANN
        with torch.no_grad():
            T = first
            for _ in range(NEWTON_STEPS):
                cubed = T**3
                value = u + s * (gained - radiates * cubed * T - self.exchange * T) - T
                slope = -s * (4 * radiates * cubed + self.exchange) - 1
                T = T - value / slope
            slope = -s * (4 * radiates * T**3 + self.exchange) - 1
        return T - (u + s * (gained - radiates * T**4 - self.exchange * T) - T) / slope

    def misfit(self, at_surface, in_soil, step):
        case = self.case
        return 0.5 * (((at_surface - case["surface"][step]) / case["sigma"]) ** 2
                      + ((in_soil - case["soil"][step]) / case["sigma"]) ** 2)

    def cost_by_inverse(self):
        """With the inverse of the matrix, made once: a product with a vector for every step."""
        n, case = self.n, self.case
        rows = torch.zeros(n, n, dtype=torch.float64)
        rows.diagonal().fill_(2.0)
        rows.diagonal(1).fill_(-1.0)
        rows.diagonal(-1).fill_(-1.0)
        rows[0, 1] = -2.0  # of half a cell
        inverse = torch.linalg.inv(torch.eye(n, dtype=torch.float64) + self.r[:, None, None] * rows)
        of_surface = inverse[:, :, 0]
        of_bottom = inverse[:, :, n - 1] * (self.r * self.bottom)[:, None]
        s = self.warmed * of_surface[:, 0]
        T = torch.full((len(self.x), n), case["initial"], dtype=torch.float64)
        cost = torch.zeros(len(self.x), dtype=torch.float64)
        for step in range(len(case["shortwave"])):
            u = torch.bmm(inverse, T[:, :, None])[:, :, 0] + of_bottom
            T_0 = self.surface(u[:, 0], s, T[:, 0], step)
            T = u + ((T_0 - u[:, 0]) / s * self.warmed)[:, None] * of_surface
            cost = cost + self.misfit(T_0, T[:, case["soil_node"]], step)
        return cost

    def cost_by_sweeps(self):
        """By elimination and substitution, node by node: few operations, and a call for each."""
        n, case, r = self.n, self.case, self.r
        p, f = [None] * n, [torch.zeros_like(r)] * (n + 1)
        for i in range(n - 1, 0, -1):
            p[i] = 1 / (1 + 2 * r - r * f[i + 1])
            f[i] = r * p[i]
        pivot = 1 + 2 * r * (1 - f[1])
        s = self.warmed / pivot
        T = [torch.full_like(r, case["initial"])] * n
        cost = torch.zeros_like(r)
        e = [None] * n + [self.bottom]
        for step in range(len(case["shortwave"])):
            for i in range(n - 1, 0, -1):
                e[i] = torch.addcmul(p[i] * T[i], f[i], e[i + 1])
            u = (T[0] + 2 * r * e[1]) / pivot
            T[0] = self.surface(u, s, T[0], step)
            for i in range(1, n):
                T[i] = torch.addcmul(e[i], f[i], T[i - 1])
            cost = cost + self.misfit(T[0], T[case["soil_node"]], step)
        return cost


# And the sizes of the batch; more matrices than fit into the caches only take longer.
WAYS = {"PyTorch, a matrix for each column": (Columns.cost_by_inverse, (1, 64)),
        "PyTorch, node by node": (Columns.cost_by_sweeps, (1, 64, 1024))}


def cost_and_gradient(way, case, n_column):
    x = torch.tensor(case["columns"][:n_column], dtype=torch.float64, requires_grad=True)
    cost = way(Columns(case, x))
    cost.sum().backward()
    return cost.detach(), x.grad


def difference(case, cost, gradient):
    """The largest relative one from the answers of the case."""
    n = len(cost)
    pairs = ((cost, case["cost"]), (gradient, case["gradient"]))
    return max(float(((found - expected).abs() / expected.abs()).max()) for found, expected in
               ((found, torch.tensor(values[:n], dtype=torch.float64)) for found, values in pairs))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", help="the file that glebe_bench_peers has written")
    parser.add_argument("repetitions", nargs="?", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    with open(args.case, encoding="utf-8") as file:
        case = json.load(file)
    seconds, differences = {}, {}
    for _ in range(args.repetitions):
        for name, (way, batches) in WAYS.items():
            for n_column in batches:
                started = time.process_time()
                cost, gradient = cost_and_gradient(way, case, n_column)
                taken = time.process_time() - started
                seconds.setdefault((name, n_column), []).append(taken / n_column)
                found = difference(case, cost, gradient)
                if not found <= case["tolerance"]:
                    print(f"pytorch.py: error: {name}: costs or gradients differ by {found:.3g} "
                          f"from those of Glebe; {case['tolerance']:g} is allowed",
                          file=sys.stderr)
                    return 1
                differences[name, n_column] = found
    for (name, n_column), values in seconds.items():
        print(json.dumps({"benchmark": name, "columns": n_column,
                          "difference": differences[name, n_column],
                          "seconds_per_column_min": min(values),
                          "seconds_per_column_median": statistics.median(values),
                          "seconds_per_column_max": max(values)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
