#!/usr/bin/env bash
# Makes the repository of docs/git.md anew: ./make-repository.sh FOLDER. Names of objects come out the same with any
# git; the bytes of the pack depend on its zlib.
set -euo pipefail
folder=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME="A Builder" GIT_AUTHOR_EMAIL=builder@example.com
export GIT_COMMITTER_NAME="A Builder" GIT_COMMITTER_EMAIL=builder@example.com
cd "$work"
git init -q -b main .
mkdir core
for version in 1 2 3 4 5 6; do
    export GIT_AUTHOR_DATE="170000000$version +0000" GIT_COMMITTER_DATE="170000000$version +0000"
    # Each version changes one more line, so that each is the smallest delta of the next.
    for number in $(seq 1 120); do
        if [ $((number % 15)) = 0 ] && [ $((number / 15)) -le "$version" ]; then
            echo "line $number of the clock, changed in version $((number / 15))"
        else
            echo "line $number of the clock"
        fi
    done > core/clock.cc
    echo "clock" > README
    git add .
    git commit -q -m "clock: version $version"
    if [ "$version" = 3 ]; then git tag -a -m "the first release" v1.0; fi
done
git repack -adfq --depth=250 --window=50
git pack-refs --all
export GIT_AUTHOR_DATE="1700000007 +0000" GIT_COMMITTER_DATE="1700000007 +0000"
echo "the clock of a guest" > README
git commit -q -a -m "README: more words"
rm -rf "$folder"
mkdir -p "$folder"
cp -r .git/objects .git/packed-refs .git/HEAD .git/config .git/refs "$folder/"
rm -rf "$folder"/objects/info "$folder"/objects/pack/*.rev "$folder"/refs/tags
sed -i -e "s/bare = false/bare = true/" -e "/logallrefupdates/d" "$folder/config"
