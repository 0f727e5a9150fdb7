#!/bin/bash
# Health check of a container: does PORT answer `GET PATH` with 200? Bash itself asks, because starting Node
# every few seconds in every container would be most of the playground's work.
set -u
exec 3<> "/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
read -r -t 2 _ status _ <&3
[ "${status:-}" = 200 ]
