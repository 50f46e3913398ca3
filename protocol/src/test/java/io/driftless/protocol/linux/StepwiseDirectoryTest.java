package io.driftless.protocol.linux;

/** The contract on the oldest kernel, where everything newer has its fallback. */
final class StepwiseDirectoryTest extends DirectoryContract {
  @Override
  KernelFeatures features() {
    return KernelFeatures.NONE;
  }
}
