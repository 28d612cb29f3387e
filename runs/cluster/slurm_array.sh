#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One case for many regions, each a job of an array: sbatch --array=1-12 slurm_array.sh CASE.nml REGIONS.txt
#
# Line n of REGIONS.txt has the settings in which region n differs, each group.key=value without blanks:
#   run.output=north.nc forcing.file=north_weather.nc
#   run.output=south.nc forcing.file=south_weather.nc
#SBATCH --job-name=glebe
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --time=12:00:00
set -euo pipefail
read -ra launcher <<< "${GLEBE_LAUNCHER:-srun}"   # or mpirun, where MPI was built for Slurm
export OMP_NUM_THREADS=1                          # all parallel work is that of the ranks

if [ $# -ne 2 ] || [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  echo "usage: sbatch --array=1-N slurm_array.sh CASE.nml REGIONS.txt" >&2
  exit 2
fi
read -ra settings <<< "$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$2")"
[ ${#settings[@]} -gt 0 ] || { echo "$2 has no line $SLURM_ARRAY_TASK_ID" >&2; exit 2; }
exec "${launcher[@]}" "${GLEBE:-glebe}" "$1" "${settings[@]/#/--set=}"
