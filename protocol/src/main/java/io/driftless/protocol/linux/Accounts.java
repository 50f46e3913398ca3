package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Users and groups of this host by number and by name, as the name service switch has them: files,
 * directories, whatever is configured. Slow, so ask once for each.
 *
 * <pre>
 * struct passwd: name(8), password(8), uid(4), gid(4), ...
 * struct group:  name(8), password(8), gid(4), ...
 * </pre>
 */
public final class Accounts {
  private static final int NUMBER_OFFSET = 16;
  private static final int STRUCT_BYTES = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int BUFFER_BYTES_MAX = 1024 * 1024;
  private static final int ERANGE = 34;

  private static final MethodHandle USER_BY_NUMBER = byNumber("getpwuid_r");
  private static final MethodHandle GROUP_BY_NUMBER = byNumber("getgrgid_r");
  private static final MethodHandle USER_BY_NAME = byName("getpwnam_r");
  private static final MethodHandle GROUP_BY_NAME = byName("getgrnam_r");

  private Accounts() {}

  private static MethodHandle byNumber(String function) {
    return handle(
        function, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  }

  private static MethodHandle byName(String function) {
    return handle(
        function, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  }

  @SuppressWarnings("restricted") // the C library alone can ask the name service switch
  private static MethodHandle handle(String function, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), shape);
  }

  /** The name of a user, if this host knows the number. */
  public static Optional<String> user(int uid) {
    return name(USER_BY_NUMBER, uid);
  }

  /** The name of a group, if this host knows the number. */
  public static Optional<String> group(int gid) {
    return name(GROUP_BY_NUMBER, gid);
  }

  /** The number of a user, if this host knows the name. */
  public static OptionalInt user(String name) {
    return number(USER_BY_NAME, name);
  }

  /** The number of a group, if this host knows the name. */
  public static OptionalInt group(String name) {
    return number(GROUP_BY_NAME, name);
  }

  private static Optional<String> name(MethodHandle function, int number) {
    return lookUp(
        (entry, buffer, result) ->
            (int) function.invokeExact(number, entry, buffer, buffer.byteSize(), result),
        Accounts::nameOf);
  }

  @SuppressWarnings("restricted") // a pointer of the C library's to a string of its own
  private static String nameOf(MemorySegment entry) {
    return entry.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static OptionalInt number(MethodHandle function, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment wanted = arena.allocateFrom(name);
      return lookUp(
              (entry, buffer, result) ->
                  (int) function.invokeExact(wanted, entry, buffer, buffer.byteSize(), result),
              entry -> entry.get(JAVA_INT, NUMBER_OFFSET))
          .map(OptionalInt::of)
          .orElse(OptionalInt.empty());
    }
  }

  private interface Call {
    int into(MemorySegment entry, MemorySegment buffer, MemorySegment result) throws Throwable;
  }

  private interface Field<T> {
    T of(MemorySegment entry);
  }

  private static <T> Optional<T> lookUp(Call call, Field<T> field) {
    for (int size = BUFFER_BYTES; size <= BUFFER_BYTES_MAX; size *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment entry = arena.allocate(STRUCT_BYTES, 8);
        MemorySegment result = arena.allocate(ADDRESS);
        int error = call.into(entry, arena.allocate(size), result);
        if (error != ERANGE) {
          boolean isFound = error == 0 && result.get(ADDRESS, 0).address() != 0;
          return isFound ? Optional.of(field.of(entry)) : Optional.empty();
        }
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable failure) {
        throw new AssertionError("a downcall cannot throw a checked exception", failure);
      }
    }
    return Optional.empty();
  }
}
