#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A case that takes longer than a job of PBS may: qsub -v CASE=case.nml pbs_chain.sh
#
# Ten minutes before the end Glebe is signalled; it writes its checkpoint and ends with status 3, and the
# next job is submitted, which goes on where this one was. The namelist needs a checkpoint:
# &checkpoint file = 'state.h5' /
#PBS -N glebe
#PBS -l select=1:ncpus=64:mpiprocs=64
#PBS -l walltime=12:00:00
#PBS -j oe
set -uo pipefail
seconds="${RUN_SECONDS:-$((12 * 3600 - 600))}"    # the walltime without ten minutes
read -ra launcher <<< "${GLEBE_LAUNCHER:-mpiexec}"
export OMP_NUM_THREADS=1                          # all parallel work is that of the ranks
most_jobs="${GLEBE_MOST_JOBS:-50}"                # then something is wrong
job="${CHAIN_JOB:-1}"

cd "$PBS_O_WORKDIR" || exit 1
: "${CASE:?is not set: qsub -v CASE=case.nml pbs_chain.sh}"
echo "pbs_chain.sh: job $job, $(date --iso-8601=seconds)"
# In the foreground, timeout tells the launcher alone; the launcher tells its ranks.
timeout --foreground --preserve-status --signal=USR1 "$seconds" \
  "${launcher[@]}" "${GLEBE:-glebe}" "$CASE" --set checkpoint.restart=auto
status=$?

if [ "$status" -eq 3 ] && [ "$job" -lt "$most_jobs" ]; then
  echo "pbs_chain.sh: interrupted, the next job goes on"
  variables="CASE=$CASE,CHAIN_JOB=$((job + 1)),RUN_SECONDS=$seconds,GLEBE_MOST_JOBS=$most_jobs"
  variables+=",GLEBE=${GLEBE:-glebe},GLEBE_LAUNCHER=${launcher[*]}"
  qsub -v "$variables" "${CHAIN_SCRIPT:-pbs_chain.sh}" && exit 0
fi
exit "$status"
