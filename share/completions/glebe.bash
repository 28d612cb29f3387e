# SPDX-License-Identifier: BSD-3-Clause
# Completion of glebe in bash: options, namelists, and group.key of --set.
_glebe_settings() {
  "$1" --describe 2> /dev/null \
    | awk '/^&/ { group = substr($1, 2) } /^  [a-z_]+ =/ { print group "." $1 "=" }'
}
_glebe() {
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}"
  if [ "$before" = --set ]; then
    compopt -o nospace
    mapfile -t COMPREPLY < <(compgen -W "$(_glebe_settings "${COMP_WORDS[0]}")" -- "$word")
  elif [[ "$word" == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "--check --describe --help --set --version" -- "$word")
  elif [ "$before" = --describe ]; then
    mapfile -t COMPREPLY < <(compgen -W "--markdown --results" -- "$word")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -X '!*.nml' -- "$word"; compgen -d -- "$word")
  fi
}
complete -F _glebe glebe
