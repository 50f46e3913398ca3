package io.driftless.protocol.linux;

import java.util.Locale;

/** The system calls in use, with their numbers on x86_64 and on aarch64. */
enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  LSEEK(8, 62),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  FSYNC(74, 82),
  FDATASYNC(75, 83),
  SYNCFS(306, 267),
  FTRUNCATE(77, 46),
  FALLOCATE(285, 47),
  FADVISE64(221, 223),
  COPY_FILE_RANGE(326, 285),
  IOCTL(16, 29),
  FCNTL(72, 25),
  FLOCK(73, 32),
  FSTATFS(138, 44),
  STATX(332, 291),
  GETDENTS64(217, 61),
  OPENAT(257, 56),
  OPENAT2(437, 437),
  READLINKAT(267, 78),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  SYMLINKAT(266, 36),
  LINKAT(265, 37),
  UNLINKAT(263, 35),
  RENAMEAT2(316, 276),
  FCHMOD(91, 52),
  FCHMODAT(268, 53),
  FCHMODAT2(452, 452),
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  UTIMENSAT(280, 88),
  SETXATTR(188, 5),
  FSETXATTR(190, 7),
  SETXATTRAT(463, 463),
  GETXATTR(191, 8),
  FGETXATTR(193, 10),
  GETXATTRAT(464, 464),
  LISTXATTR(194, 11),
  FLISTXATTR(196, 13),
  LISTXATTRAT(465, 465),
  REMOVEXATTR(197, 14),
  FREMOVEXATTR(199, 16),
  REMOVEXATTRAT(466, 466),
  FILE_GETATTR(468, 468),
  UMASK(95, 166),
  GETEUID(107, 175),
  GETEGID(108, 177),
  CAPGET(125, 90),
  PPOLL(271, 73),
  EVENTFD2(290, 19),
  FANOTIFY_INIT(300, 262),
  FANOTIFY_MARK(301, 263),
  NAME_TO_HANDLE_AT(303, 264),
  OPEN_BY_HANDLE_AT(304, 265),
  INOTIFY_INIT1(294, 26),
  INOTIFY_ADD_WATCH(254, 27),
  INOTIFY_RM_WATCH(255, 28);

  final int number;

  SystemCall(int onX86, int onArm) {
    this.number = Machine.IS_ARM ? onArm : onX86;
  }

  /** As a message has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
