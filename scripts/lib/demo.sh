# shellcheck shell=bash
# How scripts/quickstart calls the server (at $SLUICE) and shows what it does. Sourced, never run.
. "${BASH_SOURCE%/*}/common.sh"

demo=$root/quickstart-data
s3_region=${SLUICE_DEMO_S3_REGION:-us-east-1}

# A command line as the user would type it.
shown() { printf '    $ %s\n' "$*"; }

# 1234567 -> 1,234,567
group() { sed -e ':a' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/' -e 'ta' <<<"$1"; }

# api METHOD PATH [KEY=VALUE...]: shows and runs one call; its answer is in the file $answer. A
# value `@NAME` stands for the environment variable NAME and is neither shown nor put on a command
# line; nor is the token.
api() {
  local method=$1 path=$2 pair key value
  shift 2
  answer=$demo/answer.json
  local line="curl -X $method \"\$SLUICE$path\" -H \"Authorization: Bearer \$TOKEN\""
  local call=(curl -sS -X "$method" "$SLUICE$path" -H "@$demo/auth-header" -o "$answer" -w '%{http_code}')
  for pair in "$@"; do
    key=${pair%%=*} value=${pair#*=}
    if [[ $value == @* ]]; then
      local name=${value#@}
      (umask 077 && printf %s "${!name}" >"$demo/secret")
      call+=(--data-urlencode "$key@$demo/secret")
      line+=$' \\\n          '"--data-urlencode \"$key=\$$name\""
    else
      call+=(--data-urlencode "$pair")
      if [[ $pair == *[\ \*\{\}]* ]]; then
        line+=$' \\\n          '"--data-urlencode '$pair'"
      else
        line+=$' \\\n          '"-d $pair"
      fi
    fi
  done
  shown "$line"
  local status
  status=$("${call[@]}") || die "the call could not be made"
  rm -f "$demo/secret"
  [[ $status == 2?? ]] || die "the server answered $status: $(jq -r '.error // .' "$answer" 2>/dev/null || cat "$answer")"
}

# watch_job ID: follows the job until it ends, with a bar; fails unless it is done.
watch_job() {
  local url=$SLUICE/v0/jobs/$1 status known percent=0 rows bytes bar now last=
  answer=$demo/answer.json
  shown "curl \"\$SLUICE/v0/jobs/$1\" -H \"Authorization: Bearer \$TOKEN\""
  while true; do
    curl -fsS "$url" -H "@$demo/auth-header" -o "$answer" || die "asking for job $1 failed"
    IFS=$'\t' read -r status known rows bytes < <(jq -r '[.status, (.progress_percentage // -1 | floor),
      (.statistics.row_count // 0), (.statistics.bytes // 0)] | @tsv' "$answer")
    # It can't always be known; the bar then stays where it was.
    ((known < percent)) || percent=$known
    [[ $status != "done" ]] || percent=100
    printf -v bar '%*s' $((percent * 3 / 10)) ''
    printf -v now '    [%-30s] %3d %%  %s rows, %s bytes, %s' "${bar// /#}" "$percent" \
      "$(group "$rows")" "$(group "$bytes")" "$status"
    if [[ -t 1 ]]; then
      printf '\r%-78s' "$now"
    elif [[ $now != "$last" ]]; then
      printf '%s\n' "$now"
    fi
    last=$now
    case $status in
      "done") break ;;
      error | cancelled)
        echo
        die "the job ended with $status: $(jq -r '.error' "$answer")"
        ;;
    esac
    sleep 0.25
  done
  [[ ! -t 1 ]] || echo
}

# show_tree PREFIX < lines of "BYTES<tab>PATH", sorted: each folder with its files' number and size,
# the files of the first folder only.
show_tree() {
  awk -F '\t' -v prefix="$1" '
    {
      folder = $2; sub(/[^\/]*$/, "", folder)
      name = substr($2, length(folder) + 1)
      if (!(folder in files)) order[++folders] = folder
      files[folder]++; bytes[folder] += $1; all += $1
      if (folders == 1 && files[folder] <= 8) shown[files[folder]] = sprintf("        %-24s %9d bytes", name, $1)
    }
    END {
      for (i = 1; i <= folders; i++) {
        f = order[i]
        if (i > 15) { printf "    ... and %d more folders\n", folders - 15; break }
        printf "    %-28s %3d files, %9d bytes\n", substr(f, length(prefix) + 1), files[f], bytes[f]
        if (i == 1) {
          for (j = 1; j in shown; j++) print shown[j]
          if (files[f] > 8) printf "        ... and %d more\n", files[f] - 8
        }
      }
      printf "    %d files, %d bytes\n", NR, all
    }'
}

# signed_curl ARGUMENT...: curl with the demo bucket's keys, which stay off the command line.
signed_curl() {
  curl -fsS --aws-sigv4 "aws:amz:$s3_region:s3" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@" -K - <<<"user = \"$SLUICE_DEMO_S3_ACCESS_KEY_ID:$SLUICE_DEMO_S3_SECRET_ACCESS_KEY\""
}

# list_s3 PREFIX: "BYTES<tab>KEY" of up to 1,000 objects.
list_s3() {
  signed_curl "${SLUICE_DEMO_S3_ENDPOINT%/}/$SLUICE_DEMO_S3_BUCKET?list-type=2&prefix=${1//\//%2F}" |
    sed -e 's/<Contents>/\n&/g' |
    sed -n -e 's/.*<Key>\([^<]*\)<\/Key>.*<Size>\([0-9]*\)<\/Size>.*/\2\t\1/p' |
    sort -t $'\t' -V -k 2
}

# get_s3 KEY: the object's bytes.
get_s3() {
  signed_curl "${SLUICE_DEMO_S3_ENDPOINT%/}/$SLUICE_DEMO_S3_BUCKET/${1//=/%3D}"
}
