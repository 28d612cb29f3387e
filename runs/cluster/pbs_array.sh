#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One case for many regions, each a job of an array:
#   qsub -J 1-12 -v CASE=case.nml,REGIONS=regions.txt pbs_array.sh
#
# Line n of REGIONS has the settings in which region n differs, each group.key=value without blanks:
#   run.output=north.nc forcing.file=north_weather.nc
#   run.output=south.nc forcing.file=south_weather.nc
#PBS -N glebe
#PBS -l select=1:ncpus=64:mpiprocs=64
#PBS -l walltime=12:00:00
#PBS -j oe
set -euo pipefail
read -ra launcher <<< "${GLEBE_LAUNCHER:-mpiexec}"
export OMP_NUM_THREADS=1                          # all parallel work is that of the ranks

cd "$PBS_O_WORKDIR"
usage="is not set: qsub -J 1-N -v CASE=case.nml,REGIONS=regions.txt pbs_array.sh"
read -ra settings <<< "$(sed -n "${PBS_ARRAY_INDEX:?$usage}p" "${REGIONS:?$usage}")"
[ ${#settings[@]} -gt 0 ] || { echo "$REGIONS has no line $PBS_ARRAY_INDEX" >&2; exit 2; }
exec "${launcher[@]}" "${GLEBE:-glebe}" "${CASE:?$usage}" "${settings[@]/#/--set=}"
