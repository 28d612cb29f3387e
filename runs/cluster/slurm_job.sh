#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# One case in one job of Slurm: sbatch slurm_job.sh CASE.nml [options of Glebe and PETSc]
#
# Ranks share the columns: more ranks than columns are of no use. On memory see `glebe --check CASE.nml`.
#SBATCH --job-name=glebe
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --time=12:00:00
set -euo pipefail
read -ra launcher <<< "${GLEBE_LAUNCHER:-srun}"   # or mpirun, where MPI was built for Slurm
export OMP_NUM_THREADS=1                          # all parallel work is that of the ranks

[ $# -ge 1 ] || { echo "usage: sbatch slurm_job.sh CASE.nml [options]" >&2; exit 2; }
exec "${launcher[@]}" "${GLEBE:-glebe}" "$@"
