#!/bin/sh
# certbot's deploy hook: puts a new certificate where nginx reads it, and has nginx read it.
set -eu
cd "$(dirname "$0")/.."
install -m 600 "$RENEWED_LINEAGE/fullchain.pem" "$RENEWED_LINEAGE/privkey.pem" deploy/tls/
docker compose exec -T nginx nginx -s reload
