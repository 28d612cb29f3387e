# SPDX-License-Identifier: BSD-3-Clause
from spack_repo.builtin.build_systems.cmake import CMakePackage, generator

from spack.package import *

# The account that publishes Glebe: its owner fills it in, here and nowhere else.
OWNER = "OWNER"


class Glebe(CMakePackage):
    """Estimates the thermal and surface-exchange parameters of soil columns from observations,
    with a land-surface model, its hand-coded tangent-linear model and PETSc/TAO, on MPI ranks."""

    homepage = f"https://github.com/{OWNER}/glebe"
    url = f"https://github.com/{OWNER}/glebe/releases/download/v0.1.0/glebe-0.1.0.tar.gz"
    git = f"https://github.com/{OWNER}/glebe.git"

    # maintainers("..."): the accounts of those who look after this recipe, for them to fill in.

    license("BSD-3-Clause")

    version("main", branch="main")
    # The checksum of a release is filled in by tools/release.sh; zeros: not released yet.
    version("0.1.0", sha256="0000000000000000000000000000000000000000000000000000000000000000")

    variant("mumps", default=True, description="Exact standard deviations of coupled fields")
    variant("python", default=True, description="Commands for reports, figures and tower data")
    variant("shared", default=False, description="Build the library as a shared one")
    variant("docs", default=True, description="Install the documentation")
    variant("tests", default=False, description="Build the tests, for spack install --test=root")

    generator("ninja")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.22:", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi")
    # TAO is part of PETSc; HDF5 is for checkpoints.
    depends_on("petsc@3.18:3.25+mpi+hdf5+double~complex")
    depends_on("petsc+mumps", when="+mumps")
    depends_on("netcdf-c@4.9:4+mpi")
    depends_on("hdf5@1.10:1+mpi")
    depends_on("udunits@2.2:2")
    depends_on("libdeflate@1.14:1")
    depends_on("fmt@9:12")
    depends_on("eigen@3.4:3")

    with when("+python"):
        depends_on("python@3.9:3", type="run")
        depends_on("py-matplotlib@3.6:3", type="run")
        depends_on("py-netcdf4@1", type="run")
        depends_on("py-numpy@1:2", type="run")
        depends_on("py-pandas@1:2", type="run")
        depends_on("py-xarray", type="run")

    with when("+tests"):
        depends_on("fortran", type="build")
        depends_on("googletest@1.12:1")
        depends_on("python@3.9:3", type="build")
        depends_on("py-cftime@1", type="build")
        depends_on("py-matplotlib@3.6:3", type="build")
        depends_on("py-netcdf4@1", type="build")
        depends_on("py-numpy@1:2", type="build")
        depends_on("py-pandas@1:2", type="build")
        depends_on("py-xarray", type="build")

    conflicts("%gcc@:11", msg="GCC 12 is the oldest that Glebe is tested with")
    conflicts("%clang", msg="std::experimental::simd and AVX-512 give wrong numbers with Clang")
    conflicts("%apple-clang", msg="std::experimental::simd is part of GCC's library only")

    sanity_check_is_file = [
        "bin/glebe",
        "include/glebe/vectors.hpp",
        "include/glebe/version.hpp",
        "share/glebe/namelists/twin.nml",
        "share/man/man1/glebe.1",
    ]

    def cmake_args(self):
        # The processor is Spack's choice: its compiler wrapper adds the flags of the target. The
        # commands run with the Python of the environment that `spack load` or a view makes.
        return [
            self.define("GLEBE_ARCH", ""),
            self.define("GLEBE_PYTHON", "/usr/bin/env python3"),
            self.define_from_variant("BUILD_SHARED_LIBS", "shared"),
            self.define_from_variant("GLEBE_DOCS", "docs"),
            self.define_from_variant("GLEBE_REQUIRE_MUMPS", "mumps"),
            self.define_from_variant("GLEBE_TESTS", "tests"),
            self.define_from_variant("GLEBE_TOOLS", "python"),
        ]

    def test_twin(self):
        """synthetic observations are made"""
        # Paths in a namelist begin at its folder, where results are written.
        copy(join_path(self.prefix.share, "glebe", "namelists", "twin.nml"), "twin.nml")
        glebe = which(self.prefix.bin.glebe, required=True)
        out = glebe("twin.nml", output=str.split, error=str.split)
        assert "written: twin_observed.nc" in out
