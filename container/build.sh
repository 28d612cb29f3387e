#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds Glebe from the sources in this folder's parent and installs it: build.sh FOLDER [processor].
# The first stage of both container recipes.
set -euo pipefail
folder="${1:?usage: build.sh FOLDER [processor]}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/install_packages.sh build
cmake -S . -B /tmp/glebe_build -G Ninja -DCMAKE_BUILD_TYPE=Release -DGLEBE_TESTS=OFF \
  -DGLEBE_ARCH="${2:-x86-64-v3}" -DGLEBE_PYTHON=/usr/bin/python3 -DCMAKE_INSTALL_PREFIX="$folder"
cmake --build /tmp/glebe_build --parallel "$(nproc)"
cmake --install /tmp/glebe_build --strip
