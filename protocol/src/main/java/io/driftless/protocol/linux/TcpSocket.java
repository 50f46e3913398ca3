package io.driftless.protocol.linux;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectableChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Options of a TCP socket for which the JDK has no name. See tcp(7). */
public final class TcpSocket {
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NOTSENT_LOWAT = 25;

  private static final @Nullable MethodHandle DESCRIPTOR = descriptorHandle();

  private final int descriptor;

  private TcpSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * The socket of a channel of the JDK, for as long as that is open; empty where its descriptor is
   * not told, which takes {@code --add-exports=java.base/sun.nio.ch=ALL-UNNAMED}.
   */
  public static Optional<TcpSocket> of(SelectableChannel channel) {
    if (DESCRIPTOR == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TcpSocket((int) DESCRIPTOR.invoke(channel)));
    } catch (Throwable e) {
      return Optional.empty(); // a channel that isn't the JDK's own
    }
  }

  private static @Nullable MethodHandle descriptorHandle() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /**
   * Has the kernel take no more bytes while so many wait that have not been sent for the first
   * time. What is under way, up to what the way holds, is not limited by it.
   *
   * @return false if the kernel refuses
   */
  public boolean limitUnsent(int bytes) {
    return set(TCP_NOTSENT_LOWAT, bytes);
  }

  /** What {@link #limitUnsent} has set; empty if the kernel doesn't tell. */
  Optional<Integer> unsentMax() {
    Scratch scratch = Scratch.ofThisThread();
    long length = scratch.small(Integer.BYTES, 0, 0, 0);
    long value = scratch.struct();
    long result =
        Kernel.call(
            scratch,
            SystemCall.GETSOCKOPT,
            descriptor,
            IPPROTO_TCP,
            TCP_NOTSENT_LOWAT,
            value,
            length);
    return result == 0 ? Optional.of(scratch.structInt(0)) : Optional.empty();
  }

  private boolean set(int option, int value) {
    Scratch scratch = Scratch.ofThisThread();
    long at = scratch.small(value, 0, 0, 0); // little-endian, as all that it runs on
    return Kernel.call(
            scratch, SystemCall.SETSOCKOPT, descriptor, IPPROTO_TCP, option, at, Integer.BYTES)
        == 0;
  }
}
