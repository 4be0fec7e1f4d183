#!/bin/sh
# An exploration in shards, with GNU parallel: on this machine, or on others by
# `--sshlogin` (zimsim must be there; add `--return {}.ndjson --cleanup`).
#
#   examples/many-machines/gnu-parallel.sh            100,000 plans in 8 shards
#   RUNS=1000000 SHARDS=64 JOBS=8 …/gnu-parallel.sh   more
#
# Exit code: that of `zimsim merge`: 0 nothing found, 1 something found, 2 a shard is missing.
set -eu

ZIMSIM=${ZIMSIM:-zimsim}
SEED=${SEED:-1}
RUNS=${RUNS:-100000}
SHARDS=${SHARDS:-8}
JOBS=${JOBS:-100%}
OUT=${OUT:-explored}

mkdir -p "$OUT"
rm -f "$OUT"/*.ndjson

# A shard that finds something exits with 1: that is no reason to stop the others. Anything
# above is, and so is a result that is not there, which the merge notices.
seq "$SHARDS" | parallel --jobs "$JOBS" --halt soon,fail=1 \
    "$ZIMSIM explore --seed $SEED --runs $RUNS --shard {}/$SHARDS --jobs 1 -o $OUT/{}.ndjson >$OUT/{}.txt 2>&1 || test \$? -eq 1"

exec "$ZIMSIM" merge "$OUT"/*.ndjson -o "$OUT/whole.json" --out "$OUT/found"
