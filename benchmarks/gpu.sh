#!/usr/bin/env bash
# Measures meekmc on this machine's GPU and writes one JSON file.
#
#   benchmarks/gpu.sh [--out FILE] [--dry-run] [--only PART]
#
# Needs Python 3.11 or newer and JAX with its GPU plugin, which brings NumPy and SciPy;
# no network. --dry-run goes through the same motions on the CPU, with small sizes.
# PYTHON=... chooses the interpreter.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PYTHON="${PYTHON:-python3}"

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "gpu.sh: $PYTHON is not a Python 3.11 or newer; name one: PYTHON=python3.12" >&2
  exit 3
fi
lacking() {
  "$PYTHON" - "$@" <<'END'
import importlib.util
import sys

print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name) is None])
END
}
missing="$(lacking numpy jax jaxlib scipy)"
if [ -n "$missing" ]; then
  echo "gpu.sh: $PYTHON ($("$PYTHON" --version 2>&1)) lacks: $missing" >&2
  echo "gpu.sh: jax[cuda12] or jax[cuda13] brings all of them" >&2
  exit 3
fi
if [ -n "$(lacking jaxtyping)" ]; then
  echo "gpu.sh: no jaxtyping: the stand-in in benchmarks/carried takes its place" >&2
  export PYTHONPATH="$root/benchmarks/carried${PYTHONPATH:+:$PYTHONPATH}"
fi
export PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"
# Memory is taken as it is needed, so that the peak means something.
export XLA_PYTHON_CLIENT_PREALLOCATE=false
export TF_CPP_MIN_LOG_LEVEL="${TF_CPP_MIN_LOG_LEVEL:-2}"
exec "$PYTHON" -m benchmarks.gpu "$@"
