#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds the documentation as a site in build/site, with the reference of the library's headers; any warning
# is an error. As root or through sudo it installs what is missing (MkDocs, Doxygen, KaTeX).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install_packages.sh docs

pages=build/site_pages
rm -rf "$pages" build/site
mkdir -p "$pages/katex" "$pages/api"

# The pages lie as in the sources, so that their links hold; the README is the first of them.
mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.md' 'docs/*' 'namelists/*' 'examples/*' 'runs/*.nml' LICENSE)
cp --parents "${sources[@]}" "$pages"
mv "$pages/README.md" "$pages/index.md"
cp -rL /usr/share/javascript/katex/{katex.min.js,katex.min.css,fonts,contrib/auto-render.js} "$pages/katex/"
cat > "$pages/katex/render.js" <<'SCRIPT'
document.addEventListener("DOMContentLoaded", () => renderMathInElement(document.body, {
  delimiters: [{left: "\\(", right: "\\)", display: false}, {left: "\\[", right: "\\]", display: true}],
}));
SCRIPT
echo ".md-typeset td:first-child code { white-space: nowrap; }" > "$pages/site.css"
touch "$pages/api/index.html" # made below; its link is checked already

mkdocs build --strict --quiet
GLEBE_VERSION="$(sed -nE 's/^project\(glebe VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)"
export GLEBE_VERSION GLEBE_SITE=build/site
doxygen tools/Doxyfile
echo "build/site/index.html: $(find build/site -name '*.html' -not -path '*/api/*' | wc -l) pages"
