# SPDX-License-Identifier: BSD-3-Clause
from pathlib import Path

from spack_repo.builtin.build_systems.cmake import CMakePackage, generator

from spack.package import *


class Glebe(CMakePackage):
    """Estimates the thermal and surface-exchange parameters of soil columns from observations,
    with a land-surface model, its hand-coded tangent-linear model and PETSc/TAO, on MPI ranks.

    The source is the checkout that holds this recipe:

        spack repo add spack/spack_repo/glebe
        spack install glebe                                  # the branch main as committed
        spack dev-build --source-path . glebe@main           # the working tree as it is
    """

    git = Path(__file__).resolve().parents[5].as_uri()

    license("BSD-3-Clause")

    version("main", branch="main")

    variant("tools", default=True, description="Python tools: report, figures, converter")
    variant("mumps", default=True, description="Exact standard deviations of coupled fields")

    generator("ninja")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.22:", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi")
    # TAO is part of PETSc; HDF5 is for checkpoints.
    depends_on("petsc@3.18:3.25+mpi+hdf5+double~complex")
    depends_on("petsc+mumps", when="+mumps")
    depends_on("netcdf-c+mpi")
    depends_on("hdf5+mpi")
    depends_on("udunits")
    depends_on("fmt")
    depends_on("eigen@3.4:")

    depends_on("python@3.9:", type="run", when="+tools")
    depends_on("py-matplotlib@3.6:", type="run", when="+tools")
    depends_on("py-netcdf4", type="run", when="+tools")
    depends_on("py-numpy", type="run", when="+tools")
    depends_on("py-pandas", type="run", when="+tools")
    depends_on("py-xarray", type="run", when="+tools")

    depends_on("googletest@1.12:", type="test")
    depends_on("python@3.9:", type="test")
    depends_on("py-numpy", type="test")
    depends_on("py-pandas", type="test")
    depends_on("py-xarray", type="test")
    depends_on("py-netcdf4", type="test")
    depends_on("py-cftime", type="test")
    depends_on("py-matplotlib", type="test")

    def cmake_args(self):
        # The processor is Spack's choice: its compiler wrapper adds the flags of the target. The
        # tools run in an environment that `spack load` or a view makes, with the Python of that.
        return [self.define("GLEBE_ARCH", ""), self.define("GLEBE_TESTS", self.run_tests),
                self.define_from_variant("GLEBE_TOOLS", "tools"),
                self.define("GLEBE_PYTHON", "/usr/bin/env python3")]
