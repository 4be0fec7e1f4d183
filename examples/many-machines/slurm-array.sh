#!/bin/bash
# An exploration as a Slurm array: 16 shards.
#
#   sbatch examples/many-machines/slurm-array.sh
#   zimsim merge explored/*.ndjson -o whole.json --out found/     when all are done
#
# The array must count from 1, as shards do.
#SBATCH --job-name=zimsim-explore
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --output=explored-%a.txt
set -eu

ZIMSIM=${ZIMSIM:-zimsim}
SEED=${SEED:-1}
RUNS=${RUNS:-1000000}
OUT=${OUT:-explored}
SHARDS=${SLURM_ARRAY_TASK_COUNT:-16}

mkdir -p "$OUT"
# Exit code 1 means that something was found, and is no failure of the task.
"$ZIMSIM" explore --seed "$SEED" --runs "$RUNS" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" -o "$OUT/$SLURM_ARRAY_TASK_ID.ndjson" || test $? -eq 1
