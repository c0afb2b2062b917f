#!/bin/sh
# At most 4000 runs of entrepot calibrate, stage by stage, each in 8 parts, by nodes that share this file system.
#
#   sh FILE                    submits the parts of the stage that is next, and a job that puts them together when all are
#                              done, and then submits those of the stage after it, until the outcome is there
#   sbatch --array=3,5 FILE    submits parts 3 and 5 of the stage that is next alone
#
# A part that was broken off, by its node or by its time, goes on where it was: Slurm starts it again when a node is lost, and
# submitting FILE again does what is missing and nothing else.
#SBATCH --job-name=entrepot-calibrate
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@30
#
# What your cluster wants beside these, without the first #:
##SBATCH --time=01:00:00
##SBATCH --mem-per-cpu=500M
##SBATCH --partition=NAME

if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
	parts=$(sbatch --parsable "$0") || exit
	echo "Submitted batch job ${parts%%;*}, an array of 8 parts"
	exec sbatch --array=1 --dependency="afterok:${parts%%;*}" --kill-on-invalid-dep=yes "$0" merge
fi
if [ "${1:-}" = merge ]; then
	(cd -- '/home/me/my study' && exec /opt/entrepot/bin/entrepot merge --quiet=true -- runs/ensemble-textbook) || exit
	[ ! -e '/home/me/my study/runs/ensemble-textbook/manifest.json' ] || exit 0
	unset SLURM_ARRAY_TASK_ID
	exec sh "$0"
fi
cd -- '/home/me/my study' || exit
exec /opt/entrepot/bin/entrepot ensemble --runs=4000 --set=trafficker.margin=0.2 --out=runs/ensemble-textbook \
	--shard="$SLURM_ARRAY_TASK_ID/8" --workers="${SLURM_CPUS_PER_TASK:-2}" -- textbook
