# SPDX-License-Identifier: BSD-3-Clause
"""What stands in for Spack in tests: runs the recipe and keeps what it declares."""
import contextlib
import sys
import types

from source_tree import ROOT

RECIPE = ROOT / "spack/spack_repo/glebe/packages/glebe/package.py"
DIRECTIVES = ("conflicts", "depends_on", "generator", "license", "maintainers", "variant",
              "version")


class Recorded:
    """calls: (directive, words, options) of the recipe; options["when"] has all conditions."""

    def __init__(self):
        self.calls, self.conditions, self.defined = [], [], {}
        module, build_system = types.ModuleType("spack.package"), types.ModuleType("cmake")
        for name in DIRECTIVES:
            setattr(module, name, self.directive(name))
        module.when = self.when
        build_system.generator = module.generator
        build_system.CMakePackage = self.package_class()
        modules = {"spack": types.ModuleType("spack"), "spack.package": module}
        parts = "spack_repo.builtin.build_systems.cmake".split(".")
        modules |= {".".join(parts[:n]): types.ModuleType(parts[n - 1])
                    for n in range(1, len(parts))}
        modules[".".join(parts)] = build_system
        scope = {"__name__": "recipe"}
        kept = {name: sys.modules.get(name) for name in modules}
        sys.modules.update(modules)
        try:
            exec(compile(RECIPE.read_text(encoding="utf-8"), str(RECIPE), "exec"), scope)
        finally:
            for name, before in kept.items():
                sys.modules.pop(name) if before is None else sys.modules.update({name: before})
        self.package = scope["Glebe"]
        self.package().cmake_args()

    def directive(self, name):
        def record(*words, **options):
            conditions = [*self.conditions, *filter(None, [options.get("when")])]
            self.calls.append((name, words, {**options, "when": " ".join(conditions)}))
        return record

    @contextlib.contextmanager
    def when(self, condition):
        self.conditions.append(condition)
        yield
        self.conditions.pop()

    def package_class(self):
        """A base class that keeps the options of CMake: values, and variants by their names."""
        recorded = self

        class CMakePackage:
            def define(self, option, value):
                recorded.defined[option] = value

            def define_from_variant(self, option, variant):
                recorded.defined[option] = f"variant {variant}"
        return CMakePackage

    def of(self, directive):
        """(words, options) of every call of a directive."""
        return [(words, options) for name, words, options in self.calls if name == directive]
