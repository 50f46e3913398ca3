#!/usr/bin/env bash
# Fills a directory with entries of every kind and with every attribute that the file system takes.
# usage: variety.sh DIR SEED     (as root)
set -eu
export LC_ALL=C
root=$1 seed=$2
cd "$root"
content() { # SIZE NAME
  if [ "$1" -gt 0 ]; then { yes "$seed $2" || true; } | head -c "$1"; fi
}

# Names: bytes that are no UTF-8, control characters, what shells and options trip over.
mkdir names
i=0
for name in $'\xff\xfe' $'new\nline' $'tab\tand\rreturn' 'star*?[x]' '-rf' ' leading' 'trailing ' $'\xc3\xa9' $'e\xcc\x81' \
  'Case' 'case' $'\xf0\x9f\x98\x80' '$(touch pwned)' '`id`' 'a"b' "a'b" $'\x1b[31mred' $'\xe2\x80\xaegnp.exe' '\' '...' '~' '#x#' \
  $'\x01' $'\x7f' ';&|'; do
  i=$((i + 1))
  content $((i * 37)) "$i" >"names/$name"
  mkdir "names/dir$i$name"
  content "$i" "$i" >"names/dir$i$name/$name"
done
long=$(printf 'n%.0s' $(seq 255))
content 5 long >"names/$long"
mkdir "names/d$(printf 'm%.0s' $(seq 254))"
ln -s "$long" names/link-to-long

# Depth: more than 64 components, and a path just short of PATH_MAX (the judges know no longer ones).
(mkdir deep && cd deep && for n in $(seq 70); do mkdir "level$n" && cd "level$n" && content "$n" "$n" >file; done)
(mkdir wide && cd wide && part=$(printf 'p%.0s' $(seq 200)) && for n in $(seq 18); do mkdir "$part$n" && cd "$part$n"; done && content 10 wide >end)

# Sizes around every border.
mkdir sizes
for size in 0 1 511 4095 4096 4097 65535 65536 65537 262143 262144 262145 1048575 1048576 1048577 3145741; do
  content $size $size >"sizes/$size"
done

# Modes, owners, set-id and sticky bits, directories with set-group-id.
mkdir modes
for mode in 0000 0001 0400 0444 0600 0640 0666 0777 1644 2755 4755 6755 4000 7777; do
  content 9 $mode >"modes/f$mode"
  chown 1234:4321 "modes/f$mode"
  chmod $mode "modes/f$mode"
  mkdir "modes/d$mode"
  content 3 $mode >"modes/d$mode/inside"
  chown 4294967294:99999 "modes/d$mode"
  chmod $mode "modes/d$mode"
done

# Kinds.
mkdir kinds
mkfifo -m 0640 kinds/fifo
mknod -m 0600 kinds/char c 5 1
mknod -m 0660 kinds/block b 7 123
mknod -m 0660 kinds/large-numbers b 259 262143
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "kinds/socket", Listen => 1) or die'
ln -s /etc/passwd kinds/absolute
ln -s ../modes/f0600 kinds/relative
ln -s nowhere kinds/dangling
ln -s . kinds/itself
ln -s "$(printf 'x%.0s' $(seq 1023))" kinds/long-target
ln -s $'\xff\n' kinds/odd-target
chown -h 77:88 kinds/absolute kinds/dangling kinds/fifo kinds/char
mkdir -p kinds/empty/nested/empty

# Hard links within and across directories.
mkdir -p links/a links/b/c
content 100 one >links/a/one
ln links/a/one links/a/again
ln links/a/one links/b/one
ln links/a/one links/b/c/one
content 400000 big >links/b/big
ln links/b/big links/a/big
mkfifo links/a/pipe
ln -s target links/a/symlink

# Extended attributes, capabilities, POSIX ACLs.
mkdir attributes
content 11 x >attributes/user
setfattr -n user.comment -v 'hello' attributes/user
setfattr -n user.empty attributes/user
setfattr -n user.binary -v 0x00ff0a0d attributes/user
setfattr -n user.large -v "$(printf 'v%.0s' $(seq 1500))" attributes/user
mkdir attributes/dir
setfattr -n user.on-a-directory -v yes attributes/dir
setfattr -n trusted.thing -v secret attributes/user
setfattr -h -n trusted.on-a-link -v yes kinds/dangling
content 12 cap >attributes/capable
chmod 0755 attributes/capable
setcap cap_net_raw,cap_net_admin+ep attributes/capable
content 13 cap >attributes/capable-and-owned
chown 1000:1000 attributes/capable-and-owned
setcap cap_net_bind_service=+ep attributes/capable-and-owned
mkdir acls
content 14 acl >acls/file
setfacl -m u:1001:rwx,g:1002:r,m::r acls/file
content 15 acl >acls/set-id
chmod 4750 acls/set-id
setfacl -m u:1003:rx acls/set-id
mkdir acls/default
setfacl -m d:u:1001:rwx,d:g::r-x,u:1001:rx acls/default
content 16 acl >acls/default/inherits
mkdir acls/default/dir
setfacl -b acls/default/inherits

# Holes: at the front, in the middle, at the end; nothing but a hole; every other block.
mkdir sparse
truncate -s 10M sparse/only-a-hole
content 4096 s | dd of=sparse/data-at-the-end bs=4096 seek=2000 conv=notrunc status=none
content 4096 s >sparse/hole-at-the-end && truncate -s 5M sparse/hole-at-the-end
for n in 0 2 4 6 8 64 66 400; do content 4096 $n | dd of=sparse/alternating bs=4096 seek=$n conv=notrunc status=none; done
truncate -s 100K sparse/small-hole
content 4096 s | dd of=sparse/small-mixed bs=4096 seek=10 conv=notrunc status=none
truncate -s 60001 sparse/small-mixed
truncate -s 1G sparse/huge
content 65536 s | dd of=sparse/huge bs=65536 seek=10000 conv=notrunc status=none

# Inode flags, where the file system has them.
mkdir flags
for flag in d A S i a; do
  content 7 $flag >"flags/$flag"
  chattr +$flag "flags/$flag" 2>/dev/null || true
  mkdir "flags/dir$flag"
  content 7 $flag >"flags/dir$flag/inside"
  chattr +$flag "flags/dir$flag" 2>/dev/null || true
done

# Times: before 1970, after 2038, to the nanosecond; on every kind, directories last.
mkdir times
i=0
for when in '1901-12-14 00:00:00.123456789 UTC' '1969-12-31 23:59:59.999999999 UTC' '1970-01-01 00:00:00 UTC' '2001-09-09 01:46:40.000000001 UTC' \
  '2038-01-19 03:14:08.5 UTC' '2106-02-07 06:28:16.25 UTC' '2240-01-01 00:00:00.000000001 UTC'; do
  i=$((i + 1))
  content 3 $i >"times/f$i"
  mkdir -p "times/d$i/sub"
  content 3 $i >"times/d$i/sub/file"
  ln -s x "times/l$i"
  mkfifo "times/p$i"
  touch -d "$when" "times/d$i/sub/file" "times/d$i/sub"
  touch -h -d "$when" "times/l$i" "times/f$i" "times/p$i" "times/d$i"
  touch -a -d '2020-02-02 02:02:02.020202020 UTC' "times/f$i"
done
touch -d '2011-11-11 11:11:11.111111111 UTC' names deep modes kinds links attributes acls sparse flags times .
