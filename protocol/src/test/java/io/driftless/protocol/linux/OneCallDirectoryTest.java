package io.driftless.protocol.linux;

import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeAll;

/** The contract where the kernel confines. */
final class OneCallDirectoryTest extends DirectoryContract {
  @BeforeAll
  static void needs_a_kernel_that_has_openat2() {
    assumeThat(KernelFeatures.ofThisKernel().confinedOpen()).isTrue();
  }

  @Override
  KernelFeatures features() {
    return KernelFeatures.ofThisKernel();
  }
}
