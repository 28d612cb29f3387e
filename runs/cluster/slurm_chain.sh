#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A case that takes longer than a job of Slurm may: sbatch slurm_chain.sh CASE.nml [options]
#
# Before its time is over the job is signalled; Glebe writes its checkpoint and ends with status 3, and
# the job goes back into the queue. It goes on where it was, also after the failure of a node. The
# namelist needs a checkpoint: &checkpoint file = 'state.h5' /
#SBATCH --job-name=glebe
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --time=12:00:00
#SBATCH --signal=B:USR1@600
#SBATCH --requeue
#SBATCH --open-mode=append
set -uo pipefail
read -ra launcher <<< "${GLEBE_LAUNCHER:-srun}"   # or mpirun, where MPI was built for Slurm
export OMP_NUM_THREADS=1                          # all parallel work is that of the ranks
most_jobs="${GLEBE_MOST_JOBS:-50}"                # then something is wrong
job=$((${SLURM_RESTART_COUNT:-0} + 1))

[ $# -ge 1 ] || { echo "usage: sbatch slurm_chain.sh CASE.nml [options]" >&2; exit 2; }
echo "slurm_chain.sh: job $job, $(date --iso-8601=seconds)"
"${launcher[@]}" "${GLEBE:-glebe}" "$@" --set checkpoint.restart=auto &
run=$!
trap 'kill -USR1 "$run"' USR1
wait "$run"
status=$?
while kill -0 "$run" 2> /dev/null; do # the signal has ended the waiting, not the run
  wait "$run"
  status=$?
done

if [ "$status" -eq 3 ] && [ "$job" -lt "$most_jobs" ]; then
  echo "slurm_chain.sh: interrupted, back into the queue"
  exec scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
