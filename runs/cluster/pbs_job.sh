#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One case in one job of PBS: qsub -v CASE=case.nml pbs_job.sh
#
# Ranks share the columns: more ranks than columns are of no use. On memory see `glebe --check CASE.nml`.
#PBS -N glebe
#PBS -l select=1:ncpus=64:mpiprocs=64
#PBS -l walltime=12:00:00
#PBS -j oe
set -euo pipefail
read -ra launcher <<< "${GLEBE_LAUNCHER:-mpiexec}"
export OMP_NUM_THREADS=1                          # all parallel work is that of the ranks

cd "$PBS_O_WORKDIR"
exec "${launcher[@]}" "${GLEBE:-glebe}" "${CASE:?is not set: qsub -v CASE=case.nml pbs_job.sh}"
