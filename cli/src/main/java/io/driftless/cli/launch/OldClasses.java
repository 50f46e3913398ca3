package io.driftless.cli.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives classes from before Java 6 the form of later ones: stack maps, and the version that goes
 * with them. Java keeps only such classes in its ahead-of-time cache; the others it would parse and
 * verify at every start, which for the command line takes longer than everything else together.
 */
public final class OldClasses {
  private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
  private static final int RENEWED = ClassFile.JAVA_8_VERSION;
  private static final String SUFFIX = ".class";

  private final JarFile jar;
  private final ClassFile classFile;

  private OldClasses(JarFile jar) {
    this.jar = jar;
    this.classFile =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            ConstantPoolSharingOption.NEW_POOL,
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::open)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  /**
   * Rewrites jars in place, each as a whole or not at all.
   *
   * @param args paths of jars
   */
  public static void main(String[] args) throws IOException {
    for (String arg : args) {
      renew(Path.of(arg));
    }
  }

  /** Rewrites a jar in place. */
  static void renew(Path path) throws IOException {
    Path renewed = path.resolveSibling(path.getFileName() + ".renewed");
    try (var jar = new JarFile(path.toFile());
        OutputStream out = Files.newOutputStream(renewed)) {
      new OldClasses(jar).writeTo(out);
    }
    Files.move(renewed, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private void writeTo(OutputStream out) throws IOException {
    try (var renewed = new JarOutputStream(out)) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        byte[] content = content(entry);
        renewed.putNextEntry(new JarEntry(entry.getName()));
        renewed.write(entry.getName().endsWith(SUFFIX) ? renewed(content) : content);
        renewed.closeEntry();
      }
    }
  }

  private byte[] renewed(byte[] content) {
    ClassModel model = classFile.parse(content);
    if (model.majorVersion() >= FIRST_WITH_STACK_MAPS) {
      return content;
    }
    ClassTransform rebuild = ClassTransform.transformingMethodBodies(CodeBuilder::with);
    byte[] renewed =
        classFile.transformClass(
            model,
            rebuild.andThen(ClassTransform.endHandler(built -> built.withVersion(RENEWED, 0))));
    return classFile.verify(renewed).isEmpty() ? renewed : content;
  }

  /** A class of the jar, or null where it comes from elsewhere. */
  private @Nullable InputStream open(ClassDesc described) {
    String descriptor = described.descriptorString();
    String name = descriptor.substring(1, descriptor.length() - 1) + SUFFIX;
    try {
      JarEntry entry = jar.getJarEntry(name);
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] content(JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
